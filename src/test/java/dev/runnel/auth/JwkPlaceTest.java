package dev.runnel.auth;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Key sets that are read from a file or over https. */
@ExtendWith(VertxExtension.class)
class JwkPlaceTest {

    private static final String PASSWORD = "of-these-tests";

    @TempDir
    private static Path folder;

    private static Vertx vertx;
    private static HttpServer server;
    private static PfxOptions certificate;
    private static final AtomicInteger REQUESTS = new AtomicInteger();

    @BeforeAll
    static void serve(Vertx vertx) throws Exception {
        JwkPlaceTest.vertx = vertx;
        Path file = folder.resolve("localhost.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, SECONDS)).isTrue();
        certificate = new PfxOptions().setPath(file.toString()).setPassword(PASSWORD);
        server = vertx.createHttpServer(new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate))
                .requestHandler(JwkPlaceTest::answer)
                .listen(0, "localhost")
                .await(10, SECONDS);
    }

    private static void answer(HttpServerRequest request) {
        REQUESTS.incrementAndGet();
        switch (request.path()) {
            case "/good" -> request.response().end("{\"keys\":[\"ä\"]}");
            case "/moved" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "/good")
                        .end();
            case "/large" -> request.response().end("x".repeat(JwkPlace.MAX_BYTES + 1));
            case "/cut" ->
                request.response()
                        .setChunked(true)
                        .write("{\"keys\"")
                        .onComplete(written -> request.connection().close());
            default -> request.response().setStatusCode(404).end();
        }
    }

    @Test
    void setIsReadOverHttps() throws Exception {
        assertThat(read(trusting(), "/good")).isEqualTo("{\"keys\":[\"ä\"]}");
    }

    @Test
    void redirectIsNotFollowed() {
        assertThatThrownBy(() -> read(trusting(), "/moved")).hasMessage("status 302 (expected: 200)");
    }

    @Test
    void missingSetIsAFailure() {
        assertThatThrownBy(() -> read(trusting(), "/nothing")).hasMessage("status 404 (expected: 200)");
    }

    @Test
    void setThatIsTooLargeIsAFailure() throws Exception {
        assertThatThrownBy(() -> read(trusting(), "/large")).hasMessageStartingWith("too large");

        Path file = Files.writeString(folder.resolve("large"), "x".repeat(JwkPlace.MAX_BYTES + 1));
        assertThatThrownBy(() -> JwkPlace.file(vertx, file).get().await(5, SECONDS))
                .hasMessageStartingWith("too large");
    }

    @Test
    void incompleteAnswerIsAFailure() {
        assertThatThrownBy(() -> read(trusting(), "/cut")).isNotNull();
    }

    @Test
    void serverWithoutATrustedCertificateGetsNoRequest() {
        HttpClientAgent client = vertx.createHttpClient(new HttpClientOptions().setSsl(true));
        int before = REQUESTS.get();

        assertThatThrownBy(() -> read(client, "/good")).isNotNull();

        assertThat(REQUESTS).hasValue(before);
    }

    @Test
    void serverOfAnotherNameGetsNoRequest() {
        int before = REQUESTS.get();
        URI url = URI.create("https://127.0.0.1:" + server.actualPort() + "/good");

        assertThatThrownBy(() -> JwkPlace.url(trusting(), url).get().await(5, SECONDS))
                .isNotNull();

        assertThat(REQUESTS).hasValue(before);
    }

    private static HttpClientAgent trusting() {
        return vertx.createHttpClient(new HttpClientOptions().setSsl(true).setTrustOptions(certificate));
    }

    private static String read(HttpClientAgent client, String path) throws Exception {
        URI url = URI.create("https://localhost:" + server.actualPort() + path);
        return JwkPlace.url(client, url).get().await(10, SECONDS);
    }
}
