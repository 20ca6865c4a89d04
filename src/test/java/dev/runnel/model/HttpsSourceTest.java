package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.llama.Heard;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a real TLS server that behaves in all the ways that servers do. */
class HttpsSourceTest {

    private static final byte[] MODEL = new byte[300_000];
    private static final String HASH;

    @TempDir
    private static Path certificates;

    private static TlsServer server;

    @TempDir
    private Path data;

    private final Heard heard = new Heard();
    private Duration silence = Duration.ofSeconds(20);
    private long usableBytes = Long.MAX_VALUE;
    private HttpClient client = server.client();

    static {
        new Random(7).nextBytes(MODEL);
        HASH = hashOf(MODEL);
    }

    @BeforeAll
    static void startServer() throws Exception {
        server = TlsServer.start(certificates);
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @Test
    void fileIsDownloadedCheckedAndPutInItsPlace() throws Exception {
        server.on("/whole", whole());

        Path file = fetch("/whole");

        assertThat(file).isEqualTo(place().model()).hasBinaryContent(MODEL);
        assertThat(files()).containsExactlyInAnyOrder("model.gguf", "model.gguf.checked", "lock");
        assertThat(heard.notices).isEmpty();
        assertThat(heard.done).isSorted().endsWith((long) MODEL.length);
        assertThat(heard.totals).containsOnly((long) MODEL.length);
    }

    @Test
    void secondStartFetchesNothing() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        server.on("/once", (request, out) -> {
            asked.incrementAndGet();
            whole().write(request, out);
        });
        fetch("/once");

        Path again = fetch("/once");

        assertThat(again).hasBinaryContent(MODEL);
        assertThat(asked).hasValue(1);
    }

    @Test
    void sizeAndHashNeedNotBeKnown() throws Exception {
        server.on("/unknown", whole());

        Path file = store().fetch("tiny", new ModelFile(List.of(https("/unknown")), Optional.empty(), 0));

        assertThat(file).hasBinaryContent(MODEL);
        assertThat(heard.notices).containsExactly("no sha256 is set for this model; the file that came has " + HASH);
        assertThat(heard.totals).containsOnly((long) MODEL.length);
    }

    @Test
    void lengthNeedNotBeTold() throws Exception {
        server.on("/lengthless", (request, out) -> {
            TlsServer.head(out, "200 OK");
            out.write(MODEL);
        });

        assertThat(fetch("/lengthless")).hasBinaryContent(MODEL);
    }

    @Test
    void brokenDownloadGoesOnWhereItBroke() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        server.on("/breaks", (request, out) -> {
            if (asked.getAndIncrement() == 0) {
                TlsServer.head(out, "200 OK", "Content-Length: " + MODEL.length, "ETag: \"v1\"");
                out.write(MODEL, 0, 100_000);
            } else {
                partial(request, out, "\"v1\"");
            }
        });

        Path file = fetch("/breaks");

        assertThat(file).hasBinaryContent(MODEL);
        Map<String, String> second = lastRequest("/breaks").headers();
        assertThat(second).containsEntry("if-range", "\"v1\"");
        assertThat(from(second)).isBetween(1, 100_000);
    }

    @Test
    void nextStartGoesOnWhereTheLastOneBroke() throws Exception {
        server.on("/later", (request, out) -> {
            if (request.headers().containsKey("range")) {
                return; // the connection breaks before any answer
            }
            TlsServer.head(out, "200 OK", "Content-Length: " + MODEL.length);
            out.write(MODEL, 0, 100_000);
        });
        assertUnavailable("/later", "broken off");
        assertThat(place().model()).doesNotExist();
        long kept = Files.size(place().part());
        assertThat(kept).isBetween(1L, 100_000L);
        server.on("/later", (request, out) -> partial(request, out, ""));

        Path file = fetch("/later");

        assertThat(file).hasBinaryContent(MODEL);
        assertThat(from(lastRequest("/later").headers())).isEqualTo((int) kept);
        assertThat(files()).containsExactlyInAnyOrder("model.gguf", "model.gguf.checked", "lock");
    }

    @Test
    void serverThatIgnoresRangeStartsOver() throws Exception {
        leavePart("/ignores", "\"v1\"", MODEL, 50_000);
        server.on("/ignores", whole());

        assertThat(fetch("/ignores")).hasBinaryContent(MODEL);
    }

    @Test
    void contentThatChangedStartsOver() throws Exception {
        leavePart("/changed", "\"v1\"", new byte[50_000], 50_000);
        server.on("/changed", (request, out) -> partial(request, out, "\"v2\""));

        Path file = store().fetch("tiny", new ModelFile(List.of(https("/changed")), Optional.empty(), MODEL.length));

        assertThat(file).hasBinaryContent(MODEL);
        assertThat(lastRequest("/changed").headers()).doesNotContainKey("range");
    }

    @Test
    void contentThatChangedUnnoticedIsFoundOutByItsHashAndStartsOver() throws Exception {
        leavePart("/unnoticed", "", new byte[50_000], 50_000);
        server.on("/unnoticed", (request, out) -> partial(request, out, ""));

        assertThat(fetch("/unnoticed")).hasBinaryContent(MODEL);
        assertThat(heard.notices).isEmpty();
    }

    @Test
    void rangeThatTheServerCannotGiveStartsOver() throws Exception {
        leavePart("/416", "", MODEL, 50_000);
        server.on("/416", (request, out) -> {
            if (request.headers().containsKey("range")) {
                TlsServer.head(out, "416 Range Not Satisfiable", "Content-Length: 0");
            } else {
                whole().write(request, out);
            }
        });

        assertThat(fetch("/416")).hasBinaryContent(MODEL);
    }

    @Test
    void partOfAnotherSourceIsNotGoneOnWith() throws Exception {
        leavePart("/other", "", new byte[50_000], 50_000);
        server.on("/mine", whole());

        assertThat(fetch("/mine")).hasBinaryContent(MODEL);
        assertThat(lastRequest("/mine").headers()).doesNotContainKey("range");
    }

    @Test
    void wholePartIsCheckedWithoutAskingAgain() throws Exception {
        leavePart("/complete", "", MODEL, MODEL.length);

        assertThat(fetch("/complete")).hasBinaryContent(MODEL);
        assertThat(server.requests()).noneMatch(request -> request.path().equals("/complete"));
    }

    @Test
    void wrongHashIsThrownAwayAndToldWithBoth() throws Exception {
        byte[] other = new byte[MODEL.length];
        server.on("/wrong", (request, out) -> {
            TlsServer.head(out, "200 OK", "Content-Length: " + other.length);
            out.write(other);
        });

        assertUnavailable("/wrong", "wrong SHA-256: expected " + HASH + ", got " + hashOf(other) + "; thrown away");
        assertThat(files()).containsExactly("lock");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 410, 500, 503})
    void refusalIsToldWithItsStatus(int status) {
        server.on("/refuses", TlsServer.status(status));

        assertUnavailable("/refuses", "answered with status " + status);
    }

    @Test
    void wrongSizeIsRefusedBeforeTheDownload() {
        server.on("/large", (request, out) -> TlsServer.head(out, "200 OK", "Content-Length: 300001"));

        assertUnavailable("/large", "wrong size: expected 300000 bytes, got 300001");
    }

    @Test
    void moreThanWasAnnouncedIsCutOff() throws Exception {
        server.on("/endless", (request, out) -> {
            TlsServer.head(out, "200 OK");
            while (true) {
                out.write(MODEL);
            }
        });

        assertUnavailable("/endless", "wrong size: sends more than 300000 bytes");
        assertThat(files()).containsExactly("lock");
    }

    @Test
    void encodedAnswerIsRefused() {
        server.on(
                "/gzip",
                (request, out) -> TlsServer.head(out, "200 OK", "Content-Length: 10", "Content-Encoding: gzip"));

        assertUnavailable("/gzip", "sends the file encoded");
    }

    @Test
    void redirectsFromHttpsToHttpsAreFollowedWithTheirRange() throws Exception {
        leavePart("/moved", "\"v1\"", MODEL, 50_000);
        server.on("/moved", TlsServer.redirect("/further?signature=secret"));
        server.on(
                "/further?signature=secret",
                TlsServer.redirect(server.url("/target").toString()));
        server.on("/target", (request, out) -> partial(request, out, "\"v1\""));

        assertThat(fetch("/moved")).hasBinaryContent(MODEL);
        assertThat(from(lastRequest("/target").headers())).isEqualTo(50_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost/x", "ftp://localhost/x", "file:///etc/passwd"})
    void redirectToAnythingElseIsRefused(String location) {
        server.on("/leads-away", TlsServer.redirect(location));

        assertUnavailable(
                "/leads-away",
                "answered with status 302, a redirect that is not followed (expected: at most 5, to https URLs)");
    }

    @Test
    void circleOfRedirectsEnds() {
        server.on("/circle", TlsServer.redirect("/circle"));

        assertUnavailable(
                "/circle",
                "answered with status 302, a redirect that is not followed (expected: at most 5, to https URLs)");
    }

    @Test
    void serverThatSaysNothingIsGivenUp() {
        silence = Duration.ofSeconds(1);
        CountDownLatch never = new CountDownLatch(1);
        server.on("/mute", (request, out) -> never.await());

        assertUnavailable("/mute", "nothing came for 1 s");
    }

    @Test
    void serverThatFallsSilentIsGivenUpAndWhatCameIsKept() throws Exception {
        silence = Duration.ofSeconds(1);
        CountDownLatch never = new CountDownLatch(1);
        server.on("/falls-silent", (request, out) -> {
            if (request.headers().containsKey("range")) {
                never.await();
            }
            TlsServer.head(out, "200 OK", "Content-Length: " + MODEL.length);
            out.write(MODEL, 0, 100_000);
            out.flush();
            never.await();
        });

        assertUnavailable("/falls-silent", "nothing came for 1 s");
        assertThat(Files.size(place().part())).isEqualTo(100_000);
    }

    @Test
    void serverThatBreaksOffAgainAndAgainWithoutBringingAnythingIsGivenUp() {
        AtomicInteger asked = new AtomicInteger();
        server.on("/flaky", (request, out) -> asked.incrementAndGet());

        assertUnavailable("/flaky", "broken off");
        assertThat(asked.get()).isLessThan(10);
    }

    @Test
    void unknownCertificateIsRefused() {
        client = HttpClient.newHttpClient();
        server.on("/unknown-certificate", whole());

        assertUnavailable("/unknown-certificate", "no secure connection");
    }

    @Test
    void portWhereNobodyListensIsOneClearReason() throws Exception {
        TlsServer closed = TlsServer.start(Files.createDirectories(data.resolve("closed")));
        closed.close();
        ModelSource source = new ModelSource.Https(closed.url("/x"));

        assertThatThrownBy(() -> store().fetch("tiny", new ModelFile(List.of(source), Optional.of(HASH), MODEL.length)))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining("no connection");
    }

    @Test
    void diskThatIsTooSmallIsToldBeforeTheDownload() throws Exception {
        usableBytes = 5_000_000;
        server.on("/too-much", whole());

        assertUnavailable("/too-much", "needs 18 MB on the disk of " + place().folder() + ", where 5 MB are free");
        assertThat(files()).containsExactly("lock");
    }

    @Test
    void failedSourceIsOneLineAndTheNextIsTried() throws Exception {
        server.on("/first?signature=secret", TlsServer.status(404));
        server.on("/second", whole());
        ModelFile file = new ModelFile(
                List.of(https("/first?signature=secret"), https("/second")), Optional.of(HASH), MODEL.length);

        Path found = store().fetch("tiny", file);

        assertThat(found).hasBinaryContent(MODEL);
        assertThat(heard.notices)
                .containsExactly(server.url("/first") + ": answered with status 404; next: " + server.url("/second"));
    }

    @Test
    void interruptEndsTheDownloadAndKeepsWhatCame() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        server.on("/interrupted", (request, out) -> {
            TlsServer.head(out, "200 OK", "Content-Length: " + MODEL.length);
            out.write(MODEL, 0, 100_000);
            out.flush();
            sent.countDown();
            never.await();
        });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch marked = new CountDownLatch(1);
        Thread fetching = new Thread(() -> {
            try {
                fetch("/interrupted");
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
        assertThat(place().model()).doesNotExist();
    }

    private static TlsServer.Answer whole() {
        return (request, out) -> {
            TlsServer.head(out, "200 OK", "Content-Length: " + MODEL.length, "ETag: \"v2\"");
            out.write(MODEL);
        };
    }

    private static void partial(TlsServer.Request request, OutputStream out, String tag) throws IOException {
        int from = request.headers().containsKey("range") ? from(request.headers()) : 0;
        TlsServer.head(
                out,
                from > 0 ? "206 Partial Content" : "200 OK",
                "Content-Length: " + (MODEL.length - from),
                from > 0 ? "Content-Range: bytes " + from + "-" + (MODEL.length - 1) + "/" + MODEL.length : "X: y",
                tag.isEmpty() ? "X: z" : "ETag: " + tag);
        out.write(MODEL, from, MODEL.length - from);
    }

    private static int from(Map<String, String> headers) {
        return Integer.parseInt(headers.get("range").replace("bytes=", "").replace("-", ""));
    }

    private TlsServer.Request lastRequest(String path) {
        List<TlsServer.Request> to = server.requests().stream()
                .filter(request -> request.path().equals(path))
                .toList();
        return to.get(to.size() - 1);
    }

    private void leavePart(String path, String tag, byte[] content, int length) throws IOException {
        Files.createDirectories(place().folder());
        Files.write(place().part(), Arrays.copyOf(content, length));
        Files.write(place().partOrigin(), List.of(VerifiedMarker.originOf(https(path)), tag));
    }

    private void assertUnavailable(String path, String why) {
        assertThatThrownBy(() -> fetch(path))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining(https(path).inWords() + ": ")
                .hasMessageContaining(why)
                .hasMessageContaining("Put the file at " + place().model())
                .message()
                .doesNotContain("\n", "Exception");
        assertThat(heard.notices).singleElement().asString().contains(why);
    }

    private Path fetch(String path) throws ModelUnavailableException {
        return store().fetch("tiny", new ModelFile(List.of(https(path)), Optional.of(HASH), MODEL.length));
    }

    private ModelStore store() {
        FetchTools means =
                new FetchTools(() -> client, List.of(), Map.of(), folder -> usableBytes, silence, System::nanoTime);
        return new ModelStore(data, heard, means);
    }

    private static ModelSource https(String path) {
        return new ModelSource.Https(server.url(path));
    }

    private ModelPlace place() {
        return ModelPlace.of(data, "tiny");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(place().folder())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static String hashOf(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
