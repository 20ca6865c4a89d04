package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.config.HttpConfig;
import dev.runnel.config.TlsConfig;
import dev.runnel.http.connection.ConnectionDeadlines;
import dev.runnel.memory.HeldBytes.Kind;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.message.Submit;
import dev.runnel.pem.MadeCertificate;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.Usage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What bodies hold of the memory for clients: 8 MiB here, of which a key alone holds 2 MiB. */
class HeldBodyTest {

    private static final int MIB = 1 << 20;
    private static final int BODY = MIB;
    private static final String PATH = "/v1/generate/stream";
    private static final String SMALL = "{\"prompt\":\"x\"}";
    private static final String CHUNKED = "Transfer-Encoding: chunked";

    private final List<HttpWire> clients = new ArrayList<>();
    private TestService service;
    private PlayedGenerator generator;

    @BeforeEach
    void start() throws Exception {
        start(TestService.http());
    }

    private void start(HttpConfig http) throws Exception {
        service = TestService.start(http, 1, ConnectionDeadlines.DEFAULT, new MemoryBounds(8 * MIB, 5 * MIB / 2));
        generator = new PlayedGenerator(service.vertx()).start();
    }

    @AfterEach
    void stop() throws Exception {
        clients.forEach(HttpWire::close);
        service.close();
    }

    private HttpWire head(String key, String... headers) {
        List<String> all = new ArrayList<>(List.of(HttpWire.bearer(key), HttpWire.JSON));
        all.addAll(List.of(headers));
        HttpWire client = new HttpWire(service.port());
        clients.add(client);
        return client.send(HttpWire.requestHead("POST", PATH, all.toArray(String[]::new)));
    }

    /** A request of which only the head and the first byte of a body of 1 MiB are sent. */
    private HttpWire holds(String key) {
        return head(key, "Content-Length: " + BODY).send("{");
    }

    private void awaitHeld(long bytes) {
        await().untilAsserted(
                        () -> assertThat(service.memory().held(Kind.BODIES)).isEqualTo(bytes));
    }

    @Test
    void bodyThatDoesNotFitIsRefusedBeforeItIsRead() throws Exception {
        String greedy = service.issue("roomy").token();
        HttpWire first = holds(greedy);
        HttpWire second = holds(greedy);
        awaitHeld(2 * BODY);

        HttpWire.Answer refusal =
                head(greedy, "Content-Length: " + BODY, "Expect: 100-continue").answer();

        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.header("Retry-After")).isEqualTo("5");
        assertThat(refusal.body())
                .contains("overloaded_error", "memory: the requests of this API key hold as many bytes");
        assertThat(service.metric("runnel_memory_refused_total{bound=\"key\"}")).isEqualTo(1);
        assertThat(service.metric("runnel_memory_held_bytes{kind=\"bodies\"}")).isEqualTo(2 * BODY);

        first.close();
        second.close();
        awaitHeld(0);
    }

    @Test
    void otherKeysAreServedMeanwhile() throws Exception {
        String greedy = service.issue("roomy").token();
        holds(greedy);
        holds(greedy);
        awaitHeld(2 * BODY);

        HttpWire other = post(PATH, service.issue("roomy").token(), SMALL);
        generator.accept().say("a").finish();

        assertThat(StreamRules.check(other.answer().bytes()).text()).isEqualTo("a");
        awaitHeld(2 * BODY);
    }

    @Test
    void chunkedBodyAcquiresMemoryAsItGrowsAndIsRefusedWhereItDoesNotFit() throws Exception {
        String greedy = service.issue("roomy").token();
        String chunk = Integer.toHexString(BODY / 4) + "\r\n" + " ".repeat(BODY / 4) + "\r\n";
        holds(greedy);
        HttpWire grows = head(greedy, CHUNKED);
        awaitHeld(BODY);
        grows.send(chunk);
        await().until(() -> service.memory().held(Kind.BODIES) >= BODY + BODY / 4);
        grows.send(chunk).send(chunk).send(chunk).send(chunk);

        assertThat(grows.answer().status()).isEqualTo(503);
        awaitHeld(BODY);
    }

    @Test
    void promptIsHeldUntilItsGenerationIsSettled() throws Exception {
        int promptBytes = 100_000;
        String json = " ".repeat(BODY) + "{\"prompt\":\"" + "x".repeat(promptBytes) + "\"}";
        try (HttpWire client = post(PATH, service.key(), json)) {
            PlayedGenerator.Play play = generator.accept();
            awaitHeld(promptBytes);
            play.say("a").fail(Failure.of(FailureCode.ENGINE_FAILED, "the engine failed"));
            client.answer();

            assertThat(service.memory().held(Kind.BODIES)).isEqualTo(promptBytes);
            play.account(new Usage(1, 1, false));
            awaitHeld(0);
        }
    }

    @Test
    void wholeTextIsHeldUntilItIsSentAndRefusedWhereItDoesNotFit() throws Exception {
        try (HttpWire client = post("/v1/generate", service.key(), SMALL)) {
            PlayedGenerator.Play play = generator.accept();
            play.say("x".repeat(MIB / 4));
            await().until(() -> service.memory().held(Kind.TEXTS) >= MIB / 2);
            play.say("x".repeat(2 * MIB));

            HttpWire.Answer answer = client.answer();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("5");
            assertThat(generator.cancel().generationId()).isEqualTo(play.id());
            await().until(() -> service.memory().held(Kind.TEXTS) == 0);
        }
    }

    /** The ways in which a request ends. */
    private enum Way {
        LEAVES_IN_ITS_BODY,
        LEAVES_IN_A_CHUNKED_BODY,
        IS_MALFORMED,
        IS_TOO_LARGE,
        IS_REFUSED_BY_THE_GENERATOR,
        LEAVES_BEFORE_THE_ANSWER,
        LEAVES_IN_ITS_STREAM,
        FINISHES
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everythingIsGivenBackOnEveryWayOut(long seed) throws Exception {
        Random random = new Random(seed);
        String body = "{\"prompt\":\"" + "x".repeat(100_000) + "\"}";

        for (int i = 0; i < 40; i++) {
            Way way = Way.values()[random.nextInt(Way.values().length)];
            run(way, service.key(), body, random.nextBoolean() ? PATH : "/v1/generate");
        }

        for (Kind kind : Kind.values()) {
            await("seed " + seed + ", " + kind).until(() -> service.memory().held(kind) == 0);
        }
    }

    private void run(Way way, String key, String body, String path) throws Exception {
        switch (way) {
            case LEAVES_IN_ITS_BODY -> holds(key).close();
            case LEAVES_IN_A_CHUNKED_BODY ->
                head(key, CHUNKED).send("10\r\n0123456789abcdef\r\n").close();
            case IS_MALFORMED -> post(path, key, body + "}").answer();
            case IS_TOO_LARGE -> head(key, "Content-Length: " + 3 * MIB).answer();
            default -> generate(way, key, body, path);
        }
    }

    private void generate(Way way, String key, String body, String path) throws Exception {
        HttpWire client = post(path, key, body);
        if (way == Way.IS_REFUSED_BY_THE_GENERATOR) {
            generator.refuse(Failure.full("no place", 1));
            client.answer();
            return;
        }
        Message<Submit> submit = generator.submit();
        if (way == Way.LEAVES_BEFORE_THE_ANSWER) {
            client.close();
        }
        PlayedGenerator.Play play = generator.accept(submit).say("a").say("x".repeat(1000));
        if (way == Way.FINISHES) {
            play.finish();
            client.answer();
        } else {
            client.close();
            generator.cancel();
            play.account(new Usage(1, 1, false));
        }
    }

    private HttpWire post(String path, String key, String body) {
        HttpWire client = new HttpWire(service.port());
        clients.add(client);
        return client.post(path, key, body);
    }

    @Test
    void resetHttp2StreamGivesItsBodyBackAndAConnectionHasABound(@TempDir Path folder) throws Exception {
        service.close();
        MadeCertificate made = MadeCertificate.of("held", "EC");
        Path certificate = Files.writeString(folder.resolve("certificate.pem"), made.certificatePem());
        Path privateKey = Files.writeString(folder.resolve("key.pem"), made.keyPem());
        start(TestService.http().withTls(new TlsConfig(certificate, privateKey, Duration.ofMinutes(1))));
        HttpClientAgent client = service.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setTrustAll(true)
                        .setVerifyHost(false));
        List<HttpClientRequest> holders = new ArrayList<>();
        for (String key : List.of(service.key(), service.issue("roomy").token())) {
            HttpClientRequest holder = request(client, key);
            holder.write(Buffer.buffer("{")).await(10, TimeUnit.SECONDS);
            holders.add(holder);
            awaitHeld((long) holders.size() * BODY);
        }

        HttpClientRequest third = request(client, service.issue("roomy").token());
        third.sendHead();
        assertThat(third.response().await(10, TimeUnit.SECONDS).statusCode()).isEqualTo(503);

        holders.get(0).reset();
        awaitHeld(BODY);
        holders.get(1).connection().close();
        awaitHeld(0);
    }

    private HttpClientRequest request(HttpClientAgent client, String key) throws Exception {
        return client.request(HttpMethod.POST, service.port(), "127.0.0.1", PATH)
                .await(10, TimeUnit.SECONDS)
                .putHeader("Authorization", "Bearer " + key)
                .putHeader("Content-Type", "application/json")
                .putHeader("Content-Length", Integer.toString(BODY));
    }
}
