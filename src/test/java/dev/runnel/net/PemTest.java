package dev.runnel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.pem.MadeCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {

    private static final MadeCertificate OWN = MadeCertificate.of("own", "EC");
    private static final MadeCertificate OTHER = MadeCertificate.of("other", "EC");
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void stop() throws TimeoutException {
        VERTX.close().await(10, TimeUnit.SECONDS);
    }

    private static Buffer text(String text) {
        return Buffer.buffer(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", BYTE_ORDER_MARK, "a comment\n"})
    void certificateAndItsKeyAreAPairWhateverPrecedesThem(String start) throws Exception {
        var pair = Pem.pair(VERTX, text(start + OWN.certificatePem()), text(start + OWN.keyPem()));

        assertThat(pair.loadKeyStore(VERTX).size()).isPositive();
    }

    @Test
    void byteOrderMarkIsRemovedFromWhatVertxReads() throws Exception {
        var pair = Pem.pair(VERTX, text(BYTE_ORDER_MARK + OWN.certificatePem()), text(BYTE_ORDER_MARK + OWN.keyPem()));

        assertThat(pair.getCertValue()).isEqualTo(text(OWN.certificatePem()));
        assertThat(pair.getKeyValue()).isEqualTo(text(OWN.keyPem()));
    }

    @Test
    void keyOfAnotherCertificateIsRefused() {
        assertThatThrownBy(() -> Pem.pair(VERTX, text(OWN.certificatePem()), text(OTHER.keyPem())))
                .isInstanceOf(GeneralSecurityException.class)
                .isNotInstanceOf(CertificateException.class)
                .hasMessage("the private key does not match the certificate");
    }

    @Test
    void certificatesKeepTheirOrder() throws Exception {
        assertThat(Pem.certificates(text(OWN.certificatePem() + OTHER.certificatePem())))
                .containsExactly(OWN.certificate(), OTHER.certificate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-----BEGIN NOTHING-----\n"})
    void textWithoutACertificateIsRefused(String text) {
        assertThatThrownBy(() -> Pem.certificates(text(text))).isInstanceOf(CertificateException.class);
    }

    @Test
    void encodedBlockIsReadBack() {
        byte[] der = new byte[200];

        var block =
                Pem.firstBlock(BYTE_ORDER_MARK + Pem.encode("PUBLIC KEY", der)).orElseThrow();

        assertThat(block.kind()).isEqualTo("PUBLIC KEY");
        assertThat(block.der().getBytes()).isEqualTo(der);
        assertThat(Pem.firstBlock("no block")).isEmpty();
    }
}
