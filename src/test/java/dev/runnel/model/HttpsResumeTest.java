package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads that break off, and continue where they broke if the server allows it. */
class HttpsResumeTest {

    @AutoClose
    private static TlsServer server;

    private Downloads downloads;

    @BeforeAll
    static void startServer(@TempDir Path certificates) throws Exception {
        server = TlsServer.start(certificates);
    }

    @BeforeEach
    void setUp(@TempDir Path data) {
        downloads = new Downloads(server, data);
    }

    @Test
    void brokenDownloadContinuesWhereItBroke() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        server.on("/breaks", (request, out) -> {
            if (asked.getAndIncrement() == 0) {
                TlsServer.head(out, "200 OK", "Content-Length: " + Downloads.MODEL.length, "ETag: \"v1\"");
                out.write(Downloads.MODEL, 0, 100_000);
            } else {
                Downloads.partial(request, out, "\"v1\"");
            }
        });

        Path file = downloads.fetch("/breaks");

        assertThat(file).hasBinaryContent(Downloads.MODEL);
        Map<String, String> second = downloads.lastRequest("/breaks").headers();
        assertThat(second).containsEntry("if-range", "\"v1\"");
        assertThat(Downloads.from(second)).isBetween(1, 100_000);
    }

    @Test
    void nextStartContinuesWhereTheLastOneBroke() throws Exception {
        server.on("/later", (request, out) -> {
            if (request.headers().containsKey("range")) {
                return; // the connection breaks before any response
            }
            TlsServer.head(out, "200 OK", "Content-Length: " + Downloads.MODEL.length);
            out.write(Downloads.MODEL, 0, 100_000);
        });
        downloads.assertUnavailable("/later", "broken off");
        assertThat(downloads.place().model()).doesNotExist();
        long kept = Files.size(downloads.place().part());
        assertThat(kept).isBetween(1L, 100_000L);
        server.on("/later", (request, out) -> Downloads.partial(request, out, ""));

        Path file = downloads.fetch("/later");

        assertThat(file).hasBinaryContent(Downloads.MODEL);
        assertThat(Downloads.from(downloads.lastRequest("/later").headers())).isEqualTo((int) kept);
        assertThat(downloads.files()).containsExactlyInAnyOrder("model.gguf", "model.gguf.checked", "lock");
    }

    @Test
    void serverThatIgnoresRangeStartsOver() throws Exception {
        downloads.leavePart("/ignores", "\"v1\"", Downloads.MODEL, 50_000);
        server.on("/ignores", Downloads.whole());

        assertThat(downloads.fetch("/ignores")).hasBinaryContent(Downloads.MODEL);
    }

    @Test
    void contentThatChangedStartsOver() throws Exception {
        downloads.leavePart("/changed", "\"v1\"", new byte[50_000], 50_000);
        server.on("/changed", (request, out) -> Downloads.partial(request, out, "\"v2\""));

        Path file = downloads
                .store()
                .fetch(
                        "tiny",
                        new ModelFile(List.of(downloads.https("/changed")), Optional.empty(), Downloads.MODEL.length));

        assertThat(file).hasBinaryContent(Downloads.MODEL);
        assertThat(downloads.lastRequest("/changed").headers()).doesNotContainKey("range");
    }

    @Test
    void changedContentWithoutATagIsFoundByItsHashAndStartsOver() throws Exception {
        downloads.leavePart("/unnoticed", "", new byte[50_000], 50_000);
        server.on("/unnoticed", (request, out) -> Downloads.partial(request, out, ""));

        assertThat(downloads.fetch("/unnoticed")).hasBinaryContent(Downloads.MODEL);
        assertThat(downloads.listener.notices).isEmpty();
    }

    @Test
    void rangeThatTheServerCannotGiveStartsOver() throws Exception {
        downloads.leavePart("/416", "", Downloads.MODEL, 50_000);
        server.on("/416", (request, out) -> {
            if (request.headers().containsKey("range")) {
                TlsServer.head(out, "416 Range Not Satisfiable", "Content-Length: 0");
            } else {
                Downloads.whole().write(request, out);
            }
        });

        assertThat(downloads.fetch("/416")).hasBinaryContent(Downloads.MODEL);
    }

    @Test
    void partOfAnotherSourceIsNotContinued() throws Exception {
        downloads.leavePart("/other", "", new byte[50_000], 50_000);
        server.on("/mine", Downloads.whole());

        assertThat(downloads.fetch("/mine")).hasBinaryContent(Downloads.MODEL);
        assertThat(downloads.lastRequest("/mine").headers()).doesNotContainKey("range");
    }

    @Test
    void wholePartIsCheckedWithoutAnotherRequest() throws Exception {
        downloads.leavePart("/complete", "", Downloads.MODEL, Downloads.MODEL.length);

        assertThat(downloads.fetch("/complete")).hasBinaryContent(Downloads.MODEL);
        assertThat(server.requests()).noneMatch(request -> request.path().equals("/complete"));
    }

    @Test
    void redirectsFromHttpsToHttpsAreFollowedWithTheirRange() throws Exception {
        downloads.leavePart("/moved", "\"v1\"", Downloads.MODEL, 50_000);
        server.on("/moved", TlsServer.redirect("/further?signature=secret"));
        server.on(
                "/further?signature=secret",
                TlsServer.redirect(server.url("/target").toString()));
        server.on("/target", (request, out) -> Downloads.partial(request, out, "\"v1\""));

        assertThat(downloads.fetch("/moved")).hasBinaryContent(Downloads.MODEL);
        assertThat(Downloads.from(downloads.lastRequest("/target").headers())).isEqualTo(50_000);
    }

    @Test
    void serverThatStopsSendingIsAbandonedAndItsBytesAreKept() throws Exception {
        downloads.silence = Duration.ofSeconds(1);
        CountDownLatch never = new CountDownLatch(1);
        server.on("/falls-silent", (request, out) -> {
            if (request.headers().containsKey("range")) {
                never.await();
            }
            TlsServer.head(out, "200 OK", "Content-Length: " + Downloads.MODEL.length);
            out.write(Downloads.MODEL, 0, 100_000);
            out.flush();
            never.await();
        });

        downloads.assertUnavailable("/falls-silent", "nothing came for 1 s");
        assertThat(Files.size(downloads.place().part())).isEqualTo(100_000);
    }
}
