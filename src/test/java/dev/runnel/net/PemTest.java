package dev.runnel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.pem.MadeCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class PemTest {

    private static final MadeCertificate OWN = MadeCertificate.of("own", "EC");
    private static final MadeCertificate OTHER = MadeCertificate.of("other", "EC");
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private static Buffer text(String text) {
        return Buffer.buffer(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", BYTE_ORDER_MARK, "a comment\n"})
    void certificateAndItsKeyAreAPairWhateverPrecedesThem(String start, Vertx vertx) throws Exception {
        var pair = Pem.pair(vertx, text(start + OWN.certificatePem()), text(start + OWN.keyPem()));

        assertThat(pair.loadKeyStore(vertx).size()).isPositive();
    }

    @Test
    void byteOrderMarkIsRemovedFromWhatVertxReads(Vertx vertx) throws Exception {
        var pair = Pem.pair(vertx, text(BYTE_ORDER_MARK + OWN.certificatePem()), text(BYTE_ORDER_MARK + OWN.keyPem()));

        assertThat(pair.getCertValue()).isEqualTo(text(OWN.certificatePem()));
        assertThat(pair.getKeyValue()).isEqualTo(text(OWN.keyPem()));
    }

    @Test
    void keyOfAnotherCertificateIsRefused(Vertx vertx) {
        assertThatThrownBy(() -> Pem.pair(vertx, text(OWN.certificatePem()), text(OTHER.keyPem())))
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
