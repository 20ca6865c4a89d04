package dev.runnel.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.pem.MadeCertificate;
import dev.runnel.sse.HttpWire;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AcceptTransportTest {

    private static final MadeCertificate CERTIFICATE = MadeCertificate.of("accepted", "EC");

    private final AcceptTransport transport = new AcceptTransport();
    /** Its own: the transport is set when Vert.x is made. */
    private final Vertx vertx = Vertx.builder().withTransport(transport).build();

    private final BlockingQueue<AcceptedConnection> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> attachments = new LinkedBlockingQueue<>();
    private final BlockingQueue<AcceptedConnection> closed = new LinkedBlockingQueue<>();

    @AfterEach
    void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private static HttpServerOptions tls() {
        return new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(CERTIFICATE.certificatePem()))
                        .setKeyValue(Buffer.buffer(CERTIFICATE.keyPem())));
    }

    private void report(HttpServerOptions options) {
        transport.report(options, connection -> {
            connection.attach("number 1");
            connection.onClose(() -> closed.add(connection));
            accepted.add(connection);
        });
    }

    private int listen(HttpServerOptions options) throws TimeoutException {
        HttpServer server = vertx.createHttpServer(options)
                .connectionHandler(connection -> attachments.add(AcceptedConnection.of(connection)
                        .flatMap(known -> known.attachment(String.class))
                        .orElse("none")))
                .requestHandler(request -> request.response().end());
        return server.listen().await(10, TimeUnit.SECONDS).actualPort();
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(10, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    @Test
    void connectionIsReportedWithoutAHandshake() throws Exception {
        report(tls());
        HttpWire client = new HttpWire(listen(tls()));

        AcceptedConnection connection = next(accepted);

        assertThat(connection.address()).isEqualTo("127.0.0.1");
        client.close();
        assertThat(next(closed)).isSameAs(connection);
        assertThat(attachments).isEmpty();
    }

    @Test
    void abortedConnectionIsClosed() throws Exception {
        report(tls());
        try (HttpWire client = new HttpWire(listen(tls()))) {
            AcceptedConnection connection = next(accepted);

            connection.abortLater();
            connection.abortLater();

            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(next(closed)).isSameAs(connection);
        }
    }

    @Test
    void attachmentIsFoundAfterTheHandshake() throws Exception {
        report(tls());
        try (HttpWire client = new HttpWire(listen(tls()), CERTIFICATE.trusting())) {
            assertThat(client.get("/").answer().status()).isEqualTo(200);

            assertThat(next(attachments)).isEqualTo("number 1");
        }
    }

    @Test
    void serverOfAnotherAddressIsNotReported() throws Exception {
        report(tls());
        HttpServerOptions other = new HttpServerOptions().setHost("127.0.0.2").setPort(0);
        try (HttpWire client = new HttpWire("127.0.0.2", listen(other))) {
            assertThat(client.get("/").answer().status()).isEqualTo(200);

            assertThat(next(attachments)).isEqualTo("none");
            assertThat(accepted).isEmpty();
        }
    }

    /** The instances of a verticle share a random port. */
    @Test
    void serversThatShareAPortAreReportedWhicheverGetsTheConnection() throws Exception {
        HttpServerOptions shared = tls().setPort(-1);
        report(shared);
        int port = listen(shared);
        assertThat(listen(shared)).isEqualTo(port);

        for (int i = 0; i < 4; i++) {
            try (HttpWire client = new HttpWire(port, CERTIFICATE.trusting())) {
                assertThat(client.get("/").answer().status()).isEqualTo(200);
            }
            assertThat(next(attachments)).isEqualTo("number 1");
        }
    }

    @Test
    void transportIsThatOfThePlatform() {
        assertThat(transport.available()).isTrue();
        assertThat(transport.unavailabilityCause()).isNull();
        assertThat(transport.name()).isNotBlank();
    }
}
