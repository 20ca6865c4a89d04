package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.config.HttpConfig;
import dev.runnel.config.TlsConfig;
import dev.runnel.http.connection.Tls;
import dev.runnel.pem.MadeCertificate;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Real handshakes with the service port. */
class TlsTest {

    private static final MadeCertificate FIRST = MadeCertificate.of("first", "EC");
    private static final MadeCertificate SECOND = MadeCertificate.of("second", "RSA");

    private static final MadeCertificate THIRD = MadeCertificate.of("third", "EC");

    @TempDir
    static Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private TestService service;
    private PlayedGenerator generator;

    @BeforeEach
    void start() throws Exception {
        log.start();
        ((Logger) LoggerFactory.getLogger(Tls.class)).addAppender(log);
        write(FIRST.certificatePem(), FIRST.keyPem());
        HttpConfig http = TestService.http().withTls(tls());
        service = TestService.start(http, 2);
        generator = new PlayedGenerator(service.vertx()).start();
    }

    @AfterEach
    void stop() throws Exception {
        ((Logger) LoggerFactory.getLogger(Tls.class)).detachAppender(log);
        service.close();
    }

    private static TlsConfig tls() {
        return new TlsConfig(file("certificate.pem"), file("key.pem"), Duration.ofMillis(50));
    }

    private static Path file(String name) {
        return folder.resolve(name);
    }

    private static void write(String certificate, String key) throws IOException {
        Files.writeString(file("certificate.pem"), certificate);
        Files.writeString(file("key.pem"), key);
    }

    private SSLSocket connect(SSLContext context, String... protocols) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), service.port());
        socket.setSoTimeout(10_000);
        SSLParameters parameters = socket.getSSLParameters();
        if (protocols.length > 0) {
            parameters.setProtocols(protocols);
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** What a new connection is shown. */
    private Certificate shown() {
        try (SSLSocket socket = connect(MadeCertificate.trusting(FIRST, SECOND))) {
            return socket.getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void streamKeepsEveryRuleInBothVersionsOfHttp(HttpClient.Version version) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .version(version)
                .sslContext(FIRST.trusting())
                .build();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + service.port() + "/v1/generate/stream"))
                .header("Authorization", "Bearer " + service.key())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"x\"}"))
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        generator.accept().say("a").say("b").finish();

        HttpResponse<byte[]> response = answer.get(10, TimeUnit.SECONDS);

        assertThat(response.version()).isEqualTo(version);
        assertThat(StreamRules.check(response.body()).text()).isEqualTo("ab");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void protocolsOfTodayAreUsed(String protocol) throws Exception {
        try (SSLSocket socket = connect(FIRST.trusting(), protocol)) {
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
        }
    }

    /** RFC 8446, section 6.2: alert 70 is {@code protocol_version}. */
    @ParameterizedTest
    @CsvSource({"0301", "0302"})
    void protocolsOfYesterdayAreRefused(String version) throws Exception {
        String hello = version + "00".repeat(32) + "00" + "0006" + "c009" + "c013" + "002f" + "0100";
        String message = "0100" + length(hello) + hello;
        byte[] packet = HexFormat.of().parseHex("160301" + length(message) + message);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(packet);

            byte[] alert = socket.getInputStream().readNBytes(7);

            assertThat(alert).hasSize(7).startsWith(21).endsWith(2, 70);
        }
    }

    @Test
    void handshakeHasFiveSeconds() throws Exception {
        HttpServerOptions options = new HttpServerOptions();

        Tls.open(service.vertx(), "http.tls", Optional.of(tls()))
                .await(10, TimeUnit.SECONDS)
                .orElseThrow()
                .secure(options);

        assertThat(options.getSslHandshakeTimeoutUnit().toMillis(options.getSslHandshakeTimeout()))
                .isEqualTo(5000);
    }

    private static String length(String hex) {
        return "%04x".formatted(hex.length() / 2);
    }

    @Test
    void newConnectionsSeeTheNewCertificateAndOldOnesLiveOn() throws Exception {
        try (SSLSocket old = connect(FIRST.trusting())) {
            write(SECOND.certificatePem(), SECOND.keyPem());

            await().until(() -> shown().equals(SECOND.certificate()));

            old.getOutputStream().write(HttpWire.requestHead("GET", "/nothing").getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(old.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 404");
            assertThat(log.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .filteredOn(line -> line.contains("new connections"))
                    .containsExactly("http.tls: new connections use the new certificate");
        }
    }

    @Test
    void pairThatDoesNotMatchKeepsTheOldOneAndIsLoggedOnce() throws Exception {
        write(SECOND.certificatePem(), FIRST.keyPem());
        awaitWarnings(1);
        String half = SECOND.certificatePem().substring(0, 300);
        write(half, SECOND.keyPem());
        awaitWarnings(2);

        assertThat(shown()).isEqualTo(FIRST.certificate());

        write(SECOND.certificatePem(), SECOND.keyPem());
        await().until(() -> shown().equals(SECOND.certificate()));
        assertThat(warnings())
                .containsExactly(
                        "http.tls.keyFile: " + file("key.pem") + " (expected: a private key in PEM, not encrypted, of"
                                + " the first certificate in http.tls.certificateFile);"
                                + " the previous certificate stays in use",
                        "http.tls.certificateFile: " + file("certificate.pem")
                                + " (expected: certificates in PEM, the port's own certificate first); the previous"
                                + " certificate stays in use");
    }

    private List<String> warnings() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains("stays in use"))
                .toList();
    }

    private void awaitWarnings(int count) {
        await().until(() -> warnings().size() >= count);
    }

    @ParameterizedTest
    @CsvSource({
        "missing.pem, key.pem, http.tls.certificateFile, a file that can be read",
        "certificate.pem, missing.pem, http.tls.keyFile, a file that can be read",
        "garbage.pem, key.pem, http.tls.certificateFile, certificates in PEM",
        "certificate.pem, garbage.pem, http.tls.keyFile, a private key in PEM",
        "certificate.pem, same-kind.pem, http.tls.keyFile, a private key in PEM",
        "certificate.pem, other.pem, http.tls.keyFile, a private key in PEM",
        "key.pem, key.pem, http.tls.certificateFile, certificates in PEM"
    })
    void filesThatCannotBeUsedAreNamedByTheirSetting(String certificate, String key, String setting, String rule)
            throws Exception {
        Files.writeString(file("garbage.pem"), "-----BEGIN NOTHING-----\n");
        Files.writeString(file("other.pem"), SECOND.keyPem());
        Files.writeString(file("same-kind.pem"), THIRD.keyPem());
        TlsConfig config = new TlsConfig(file(certificate), file(key), Duration.ofSeconds(10));

        assertThatThrownBy(() -> Tls.open(service.vertx(), "http.tls", Optional.of(config))
                        .await(10, TimeUnit.SECONDS))
                .hasMessageStartingWith(setting + ": " + folder)
                .hasMessageContaining("(expected: " + rule)
                .hasMessageNotContaining("\n");
    }
}
