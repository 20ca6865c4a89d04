package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.config.HttpConfig;
import dev.runnel.config.TlsConfig;
import dev.runnel.http.connection.ConnectionDeadlines;
import dev.runnel.pem.MadeCertificate;
import dev.runnel.sse.StreamRules;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same over HTTP/2, which clients get by ALPN. */
class Http2Test {

    private static final String PROMPT = "{\"prompt\":\"x\"}";
    private static final int GZIP_HEADER_BYTES = 10;
    private static final String HUGE = "x".repeat(1 << 20);

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final MadeCertificate CERTIFICATE = MadeCertificate.of("http2", "EC");

    @TempDir
    static Path folder;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .sslContext(CERTIFICATE.trusting())
            .build();

    @AutoClose
    private TestService service;

    private PlayedGenerator generator;
    private HttpClientAgent vertxClient;

    @BeforeEach
    void start() throws Exception {
        service = TestService.start(http(), 1);
        generator = new PlayedGenerator(service.vertx()).start();
        vertxClient = service.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setTrustAll(true)
                        .setVerifyHost(false));
    }

    private static HttpConfig http() throws IOException {
        Path certificate = Files.writeString(folder.resolve("certificate.pem"), CERTIFICATE.certificatePem());
        Path key = Files.writeString(folder.resolve("key.pem"), CERTIFICATE.keyPem());
        return TestService.http(Duration.ZERO, Duration.ofMillis(300))
                .withTls(new TlsConfig(certificate, key, Duration.ofMinutes(1)));
    }

    private CompletableFuture<HttpResponse<byte[]>> post(String path, String key, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + service.port() + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** As over HTTP/1.1, whose limit is 16 KB too. */
    @Test
    void headersOfTwelveKilobytesAreRead() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + service.port() + "/v1/models"))
                .header("Authorization", "Bearer " + service.key())
                .header("X-Padding", "x".repeat(12 * 1024))
                .build();

        HttpResponse<String> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).get(10, TimeUnit.SECONDS);

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private HttpClientResponse ask(String path, String key, String body) throws Exception {
        return ask(path, key, body, "identity");
    }

    private HttpClientResponse ask(String path, String key, String body, String encoding) throws Exception {
        return ask(service.port(), path, key, body, encoding);
    }

    private HttpClientResponse ask(int port, String path, String key, String body, String encoding) throws Exception {
        return vertxClient
                .request(HttpMethod.POST, port, "127.0.0.1", path)
                .compose(request -> request.putHeader("Authorization", "Bearer " + key)
                        .putHeader("Content-Type", "application/json")
                        .putHeader("Accept-Encoding", encoding)
                        .send(body)
                        .map(response -> {
                            response.pause();
                            return response;
                        }))
                .await(10, TimeUnit.SECONDS);
    }

    /** Acknowledging the pings writes, which is not what the client is expected to cause. */
    @Test
    void pingsDoNotReplaceTheFirstRequest() throws Exception {
        ConnectionDeadlines deadlines = new ConnectionDeadlines(SHORT, LONG, LONG);
        try (TestService strict = TestService.start(http(), 1, deadlines)) {
            HttpConnection connection = vertxClient
                    .connect(new HttpConnectOptions().setHost("127.0.0.1").setPort(strict.port()))
                    .await(10, TimeUnit.SECONDS);

            assertThatItIsClosedThoughItPings(connection);
        }
    }

    @Test
    void pingsDoNotReplaceAFurtherRequest() throws Exception {
        try (TestService strict = TestService.start(http(), 1, new ConnectionDeadlines(LONG, LONG, SHORT))) {
            HttpClientRequest request = vertxClient
                    .request(HttpMethod.GET, strict.port(), "127.0.0.1", "/nothing")
                    .await(10, TimeUnit.SECONDS);
            assertThat(request.send().await(10, TimeUnit.SECONDS).statusCode()).isEqualTo(404);

            assertThatItIsClosedThoughItPings(request.connection());
        }
    }

    @Test
    void pingsDoNotReplaceReadingTheLastResponse() throws Exception {
        try (TestService strict = TestService.start(http(), 1, new ConnectionDeadlines(LONG, LONG, SHORT))) {
            HttpClientResponse unread = hugeResponse(strict);

            assertThatItIsClosedThoughItPings(unread.request().connection());
        }
    }

    /** Sixteen times as long as an idle connection is kept. */
    @Test
    void clientThatReadsTheLastResponseSlowlyButSteadilyIsNotIdle() throws Exception {
        try (TestService strict = TestService.start(http(), 1, new ConnectionDeadlines(LONG, LONG, SHORT))) {
            HttpClientResponse slow = hugeResponse(strict);
            var body = slow.body();

            strict.vertx().setPeriodic(SHORT.toMillis() / 8, tick -> slow.fetch(1));

            assertThat(body.await(30, TimeUnit.SECONDS).toString()).contains(HUGE);
        }
    }

    private HttpClientResponse hugeResponse(TestService strict) throws Exception {
        PlayedGenerator played = new PlayedGenerator(strict.vertx()).start();
        var plays = CompletableFuture.runAsync(() -> finishHuge(played));
        HttpClientResponse response = ask(strict.port(), "/v1/generate", strict.key(), PROMPT, "identity");
        plays.get(10, TimeUnit.SECONDS);
        return response;
    }

    private static void finishHuge(PlayedGenerator played) {
        try {
            played.accept().say(HUGE).finish();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertThatItIsClosedThoughItPings(HttpConnection connection) throws Exception {
        Promise<Void> closed = Promise.promise();
        connection.closeHandler(gone -> closed.tryComplete());
        ping(connection);
        closed.future().await(10, TimeUnit.SECONDS);
    }

    private static void ping(HttpConnection connection) {
        connection.ping(Buffer.buffer("12345678")).onSuccess(answered -> ping(connection));
    }

    @Test
    void streamKeepsEveryRule() throws Exception {
        for (String text : new String[] {"one", "two"}) {
            var answer = post("/v1/generate/stream", service.key(), PROMPT);
            generator.accept().say(text).say("!").finish();

            HttpResponse<byte[]> response = answer.get(10, TimeUnit.SECONDS);

            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-type")).contains("text/event-stream; charset=utf-8");
            assertThat(response.headers().firstValue("x-generation-id")).isPresent();
            assertThat(StreamRules.check(response.body()).text()).isEqualTo(text + "!");
        }
    }

    @Test
    void refusalsKeepTheirStatus() throws Exception {
        assertThat(post("/v1/generate", "bad", PROMPT).get().statusCode()).isEqualTo(401);
        assertThat(post("/v1/generate", service.key(), "{}").get().statusCode()).isEqualTo(400);
        assertThat(post("/v1/nothing", service.key(), PROMPT).get().statusCode())
                .isEqualTo(404);
        var answer = post("/v1/generate", service.key(), PROMPT);
        generator.accept().say("fine").finish();
        assertThat(answer.get().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"/v1/models, 200", "/v1/usage, 200", "/v1/nothing, 404"})
    void headHasNoBody(String path, int status) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + service.port() + path))
                .header("Authorization", "Bearer " + service.key())
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();

        HttpResponse<byte[]> answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .get(10, TimeUnit.SECONDS);

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValueAsLong("content-length").orElse(0))
                .isPositive();
    }

    @Test
    void bodyThatIsTooLargeIsRefused() throws Exception {
        HttpClientResponse response = ask("/v1/generate", service.key(), " ".repeat(2 * 1024 * 1024 + 1));

        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void connectionIsKeptAfterALargeBodyWasRefused() throws Exception {
        HttpClientResponse response = ask("/v1/generate", "bad", " ".repeat(1 << 20));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(post("/v1/nothing", service.key(), PROMPT).get().statusCode())
                .isEqualTo(404);
    }

    @Test
    void headersGoOutBeforeTheFirstToken() throws Exception {
        var arrives = CompletableFuture.supplyAsync(this::accepted);
        HttpClientResponse response = ask("/v1/generate/stream", service.key(), PROMPT);

        assertThat(response.statusCode()).isEqualTo(200);
        var body = response.body();
        response.resume();
        arrives.get().say("a").finish();
        Buffer all = body.await(10, TimeUnit.SECONDS);
        assertThat(StreamRules.check(all.getBytes()).text()).isEqualTo("a");
    }

    @Test
    void streamIsGzippedWhereTheClientAsksForItAndFlushedAtEveryEvent() throws Exception {
        var arrives = CompletableFuture.supplyAsync(this::accepted);
        HttpClientResponse response = ask("/v1/generate/stream", service.key(), PROMPT, "gzip");
        PlayedGenerator.Play play = arrives.get();
        Inflater inflater = new Inflater(true);
        List<String> read = new CopyOnWriteArrayList<>();
        response.handler(bytes -> read.add(inflated(inflater, bytes)));
        response.resume();

        play.say("Once");
        await().until(() -> String.join("", read).contains("\"delta\":\"Once\"}\n\n"));
        play.say(" upon").finish();
        await().until(() -> String.join("", read).contains("[DONE]\n\n"));

        assertThat(response.getHeader("Content-Encoding")).isEqualTo("gzip");
        assertThat(response.getHeader("Vary")).isEqualTo("Accept-Encoding");
        assertThat(StreamRules.check(String.join("", read).getBytes(StandardCharsets.UTF_8))
                        .text())
                .isEqualTo("Once upon");
        inflater.end();
    }

    /** What the next bytes of a gzip stream hold; its header comes in one piece. */
    private static String inflated(Inflater inflater, Buffer bytes) {
        boolean header = bytes.length() >= 2 && bytes.getByte(0) == 0x1f && bytes.getUnsignedByte(1) == 0x8b;
        inflater.setInput(bytes.getBytes(header ? GZIP_HEADER_BYTES : 0, bytes.length()));
        byte[] plain = new byte[4096];
        try {
            return new String(plain, 0, inflater.inflate(plain), StandardCharsets.UTF_8);
        } catch (DataFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void streamThatIsResetCancels() throws Exception {
        var arrives = CompletableFuture.supplyAsync(this::accepted);
        HttpClientResponse response = ask("/v1/generate/stream", service.key(), PROMPT);
        PlayedGenerator.Play play = arrives.get();

        response.request().reset(8).await(5, TimeUnit.SECONDS);

        assertThat(generator.cancel().generationId()).isEqualTo(play.id());
        awaitClosedBy("client_gone");
    }

    @Test
    void streamThatIsNotReadIsResetAndOthersOfTheConnectionGoOn() throws Exception {
        var first = CompletableFuture.supplyAsync(this::accepted);
        ask("/v1/generate/stream", service.key(), PROMPT);
        PlayedGenerator.Play stalls = first.get();
        var second = CompletableFuture.supplyAsync(this::accepted);
        HttpClientResponse read = ask("/v1/generate/stream", service.key(), PROMPT);
        PlayedGenerator.Play goesOn = second.get().say("a");

        stalls.say(HUGE);

        assertThat(generator.cancel().generationId()).isEqualTo(stalls.id());
        awaitClosedBy("stalled");
        var body = read.body();
        read.resume();
        goesOn.say("b").finish();
        assertThat(StreamRules.check(body.await(10, TimeUnit.SECONDS).getBytes())
                        .text())
                .isEqualTo("ab");
        assertThat(service.connections()).isEqualTo(1);
    }

    @Test
    void streamContinuesDuringADrainAndItsConnectionIsClosedAfterIt() throws Exception {
        var first = CompletableFuture.supplyAsync(this::accepted);
        HttpClientResponse response = ask("/v1/generate/stream", service.key(), PROMPT);
        PlayedGenerator.Play play = first.get().say("a");
        var body = response.body();
        response.resume();
        Future<Void> drained = service.instances().get(0).drain();

        play.say("b").finish();

        assertThat(StreamRules.check(body.await(10, TimeUnit.SECONDS).getBytes())
                        .text())
                .isEqualTo("ab");
        drained.await(5, TimeUnit.SECONDS);
    }

    private PlayedGenerator.Play accepted() {
        try {
            return generator.accept();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitClosedBy(String cause) {
        await().until(() -> service.metric("runnel_stream_closed_total{cause=\"" + cause + "\"}") == 1);
    }
}
