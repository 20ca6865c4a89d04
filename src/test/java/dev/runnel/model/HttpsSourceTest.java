package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a TLS server that answers right and wrong. */
class HttpsSourceTest {

    @AutoClose
    private static TlsServer server;

    @TempDir
    private Path data;

    private Downloads downloads;

    @BeforeAll
    static void startServer(@TempDir Path certificates) throws Exception {
        server = TlsServer.start(certificates);
    }

    @BeforeEach
    void setUp() {
        downloads = new Downloads(server, data);
    }

    @Test
    void fileIsDownloadedCheckedAndPutInItsPlace() throws Exception {
        server.on("/whole", Downloads.whole());

        Path file = downloads.fetch("/whole");

        assertThat(file).isEqualTo(downloads.place().model()).hasBinaryContent(Downloads.MODEL);
        assertThat(downloads.files()).containsExactlyInAnyOrder("model.gguf", "model.gguf.checked", "lock");
        assertThat(downloads.listener.notices).isEmpty();
        assertThat(downloads.listener.done).isSorted().endsWith((long) Downloads.MODEL.length);
        assertThat(downloads.listener.totals).containsOnly((long) Downloads.MODEL.length);
    }

    @Test
    void secondStartFetchesNothing() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        server.on("/once", (request, out) -> {
            asked.incrementAndGet();
            Downloads.whole().write(request, out);
        });
        downloads.fetch("/once");

        Path again = downloads.fetch("/once");

        assertThat(again).hasBinaryContent(Downloads.MODEL);
        assertThat(asked).hasValue(1);
    }

    @Test
    void sizeAndHashNeedNotBeKnown() throws Exception {
        server.on("/unknown", Downloads.whole());

        Path file = downloads
                .store()
                .fetch("tiny", new ModelFile(List.of(downloads.https("/unknown")), Optional.empty(), 0));

        assertThat(file).hasBinaryContent(Downloads.MODEL);
        assertThat(downloads.listener.notices)
                .containsExactly("no sha256 is set for this model; the fetched file has " + Downloads.HASH);
        assertThat(downloads.listener.totals).containsOnly((long) Downloads.MODEL.length);
    }

    @Test
    void lengthNeedNotBeKnown() throws Exception {
        server.on("/lengthless", (request, out) -> {
            TlsServer.head(out, "200 OK");
            out.write(Downloads.MODEL);
        });

        assertThat(downloads.fetch("/lengthless")).hasBinaryContent(Downloads.MODEL);
    }

    @Test
    void fileWithAWrongHashIsDeletedAndBothHashesAreNamed() throws Exception {
        byte[] other = new byte[Downloads.MODEL.length];
        server.on("/wrong", (request, out) -> {
            TlsServer.head(out, "200 OK", "Content-Length: " + other.length);
            out.write(other);
        });

        downloads.assertUnavailable(
                "/wrong",
                "wrong SHA-256: expected " + Downloads.HASH + ", got " + Downloads.hashOf(other)
                        + "; the file was deleted");
        assertThat(downloads.files()).containsExactly("lock");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 410, 500, 503})
    void refusalIsReportedWithItsStatus(int status) {
        server.on("/refuses", TlsServer.status(status));

        downloads.assertUnavailable("/refuses", "answered with status " + status);
    }

    @Test
    void wrongSizeIsRefusedBeforeTheDownload() {
        server.on("/large", (request, out) -> TlsServer.head(out, "200 OK", "Content-Length: 300001"));

        downloads.assertUnavailable("/large", "wrong size: expected 300000 bytes, got 300001");
    }

    @Test
    void moreBytesThanAnnouncedAreRefused() throws Exception {
        server.on("/endless", (request, out) -> {
            TlsServer.head(out, "200 OK");
            while (true) {
                out.write(Downloads.MODEL);
            }
        });

        downloads.assertUnavailable("/endless", "wrong size: sends more than 300000 bytes");
        assertThat(downloads.files()).containsExactly("lock");
    }

    @Test
    void encodedAnswerIsRefused() {
        server.on(
                "/gzip",
                (request, out) -> TlsServer.head(out, "200 OK", "Content-Length: 10", "Content-Encoding: gzip"));

        downloads.assertUnavailable("/gzip", "sends the file with a Content-Encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost/x", "ftp://localhost/x", "file:///etc/passwd"})
    void redirectToAnythingElseIsNotFollowed(String location) {
        server.on("/leads-away", TlsServer.redirect(location));

        downloads.assertUnavailable(
                "/leads-away",
                "answered with status 302, a redirect that is not followed (expected: at most 5, to https URLs)");
    }

    @Test
    void circleOfRedirectsEnds() {
        server.on("/circle", TlsServer.redirect("/circle"));

        downloads.assertUnavailable(
                "/circle",
                "answered with status 302, a redirect that is not followed (expected: at most 5, to https URLs)");
    }

    @Test
    void serverThatDoesNotRespondIsAbandoned() {
        downloads.silence = Duration.ofSeconds(1);
        CountDownLatch never = new CountDownLatch(1);
        server.on("/mute", (request, out) -> never.await());

        downloads.assertUnavailable("/mute", "nothing came for 1 s");
    }

    @Test
    void serverThatBreaksOffWithoutProgressIsAbandoned() {
        AtomicInteger asked = new AtomicInteger();
        server.on("/flaky", (request, out) -> asked.incrementAndGet());

        downloads.assertUnavailable("/flaky", "broken off");
        assertThat(asked.get()).isLessThan(10);
    }

    @Test
    void unknownCertificateIsRefused() {
        downloads.client = HttpClient.newHttpClient();
        server.on("/unknown-certificate", Downloads.whole());

        downloads.assertUnavailable("/unknown-certificate", "no secure connection");
    }

    @Test
    void closedPortIsOneClearReason() throws Exception {
        TlsServer closed = TlsServer.start(Files.createDirectories(data.resolve("closed")));
        closed.close();
        ModelSource source = new ModelSource.Https(closed.url("/x"));

        assertThatThrownBy(() -> downloads
                        .store()
                        .fetch(
                                "tiny",
                                new ModelFile(List.of(source), Optional.of(Downloads.HASH), Downloads.MODEL.length)))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining("no connection");
    }

    @Test
    void diskThatIsTooSmallIsReportedBeforeTheDownload() throws Exception {
        downloads.usableBytes = 5_000_000;
        server.on("/too-much", Downloads.whole());

        downloads.assertUnavailable(
                "/too-much", "needs 18 MB on the disk of " + downloads.place().folder() + ", where 5 MB are free");
        assertThat(downloads.files()).containsExactly("lock");
    }

    @Test
    void fileWithoutALengthEndsBeforeTheDiskIsFull() throws Exception {
        long free = Downloads.MODEL.length / 2;
        downloads.usableBytes = (16 << 20) + free;
        server.on("/endless", (request, out) -> {
            TlsServer.head(out, "200 OK");
            out.write(Downloads.MODEL);
        });

        var file = new ModelFile(List.of(downloads.https("/endless")), Optional.empty(), 0);
        assertThatThrownBy(() -> downloads.store().fetch("tiny", file))
                .hasMessageContaining("gives no size, and sends more than " + free
                        + " bytes, which is what is free on the disk of "
                        + downloads.place().folder());
        assertThat(downloads.files()).containsExactly("lock");
    }

    @Test
    void failedSourceIsOneLineAndTheNextIsTried() throws Exception {
        server.on("/first?signature=secret", TlsServer.status(404));
        server.on("/second", Downloads.whole());
        ModelFile file = new ModelFile(
                List.of(downloads.https("/first?signature=secret"), downloads.https("/second")),
                Optional.of(Downloads.HASH),
                Downloads.MODEL.length);

        Path found = downloads.store().fetch("tiny", file);

        assertThat(found).hasBinaryContent(Downloads.MODEL);
        assertThat(downloads.listener.notices)
                .containsExactly(server.url("/first") + ": answered with status 404; next: " + server.url("/second"));
    }

    @Test
    void interruptEndsTheDownload() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        server.on("/interrupted", (request, out) -> {
            TlsServer.head(out, "200 OK", "Content-Length: " + Downloads.MODEL.length);
            out.write(Downloads.MODEL, 0, 100_000);
            out.flush();
            sent.countDown();
            never.await();
        });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch marked = new CountDownLatch(1);
        Thread fetching = new Thread(() -> {
            try {
                downloads.fetch("/interrupted");
            } catch (ModelUnavailableException e) {
                thrown.set(e);
                if (Thread.currentThread().isInterrupted()) {
                    marked.countDown();
                }
            }
        });
        fetching.start();
        assertThat(sent.await(30, TimeUnit.SECONDS)).isTrue();

        fetching.interrupt();
        fetching.join(TimeUnit.SECONDS.toMillis(30));

        assertThat(fetching.isAlive()).isFalse();
        assertThat(thrown.get()).hasMessage("tiny: stopped while its file was fetched");
        assertThat(marked.getCount()).isZero();
        assertThat(downloads.place().model()).doesNotExist();
    }
}
