package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.Recording;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 and HTTP/2, with and without TLS, keys, and which thread does what. */
@ExtendWith(VertxExtension.class)
class TransportTest {

    private static final String STREAM = FakeUpstream.delta("Once") + FakeUpstream.finish("stop") + FakeUpstream.DONE;

    private static SelfSignedCertificate certificate;

    private final Vertx vertx;

    TransportTest(Vertx vertx) {
        this.vertx = vertx;
    }

    @BeforeAll
    static void certify() {
        certificate = SelfSignedCertificate.create("localhost");
    }

    @AfterAll
    static void forget() {
        certificate.delete();
    }

    private static HttpServerOptions plain() {
        return new HttpServerOptions().setHttp2ClearTextEnabled(true);
    }

    private static HttpServerOptions tls() {
        return new HttpServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(certificate.keyCertOptions());
    }

    private Map<String, Object> entry(FakeUpstream upstream, boolean http2) {
        String host = upstream.url().startsWith("https") ? "localhost" : "127.0.0.1";
        return new HashMap<>(Map.of("url", upstream.url().replace("127.0.0.1", host), "model", "m", "http2", http2));
    }

    @ParameterizedTest
    @CsvSource({"false, false, HTTP_1_1", "false, true, HTTP_2", "true, false, HTTP_1_1", "true, true, HTTP_2"})
    void textComesThrough(boolean tls, boolean http2, HttpVersion version) throws Exception {
        try (var upstream = new FakeUpstream(vertx, tls ? tls() : plain(), ask -> ask.stream(STREAM))) {
            Map<String, Object> entry = entry(upstream, http2);
            if (tls) {
                entry.put("trustFile", certificate.certificatePath());
            }
            try (var rig = new Rig(vertx, Rig.model(Map.of(), List.of(entry)))) {
                Recording recording = rig.start();

                assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
                assertThat(recording.text()).isEqualTo("Once");
                assertThat(recording.breaches()).isEmpty();
                assertThat(upstream.awaitAsk().request().version()).isEqualTo(version);
            }
        }
    }

    @Test
    void untrustedCertificateIsAFailure() throws Exception {
        try (var upstream = new FakeUpstream(vertx, tls(), ask -> ask.stream(STREAM));
                var rig = new Rig(vertx, Rig.model(Map.of(), List.of(entry(upstream, false))))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            assertThat(upstream.asked()).isEmpty();
        }
    }

    @Test
    void certificateOfAnotherNameIsAFailure() throws Exception {
        try (var upstream = new FakeUpstream(vertx, tls(), ask -> ask.stream(STREAM))) {
            Map<String, Object> entry = entry(upstream, false);
            entry.put("trustFile", certificate.certificatePath());
            entry.put("url", upstream.url());
            try (var rig = new Rig(vertx, Rig.model(Map.of(), List.of(entry)))) {
                assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
                assertThat(upstream.asked()).isEmpty();
            }
        }
    }

    @Test
    void connectionThatTakesTooLongIsAFailure() throws Exception {
        var silent = vertx.createNetServer()
                .connectHandler(socket -> socket.handler(hello -> {}))
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
        Map<String, Object> deadlines = Map.of("deadlines", Map.of("connect", "50ms"));
        try (var rig = new Rig(vertx, Rig.model(deadlines, "https://127.0.0.1:" + silent.actualPort()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            assertThat(rig.reports()).anyMatch(line -> line.endsWith(" UNREACHABLE"));
        }
    }

    @Test
    void http2StreamIsResetAndTheConnectionKept() throws Exception {
        try (var upstream = new FakeUpstream(vertx, plain(), ask -> ask.begin().write(FakeUpstream.delta("Once")));
                var rig = new Rig(vertx, Rig.model(Map.of(), List.of(entry(upstream, true))))) {
            Recording recording = rig.start(Rig.PROMPT, 1);
            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(upstream.awaitGone()).isEqualTo("stream");

            upstream.always(ask -> ask.stream(STREAM));
            rig.complete();
            assertThat(upstream.asked().stream()
                            .map(ask -> ask.request().connection())
                            .distinct())
                    .hasSize(1);
            assertThat(upstream.gone()).doesNotContain("connection");
        }
    }

    @Test
    void http2StreamResetByTheUpstreamIsAFailure() throws Exception {
        try (var upstream = new FakeUpstream(vertx, plain(), ask -> {
                    HttpServerResponse response = ask.begin();
                    response.write(FakeUpstream.delta("Once")).onSuccess(v -> response.reset(2));
                });
                var rig = new Rig(vertx, Rig.model(Map.of(), List.of(entry(upstream, true))))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
        }
    }

    /** A pool that all event loops share would give the second caller the first one's idle connection. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyEventLoopHasConnectionsOfItsOwn(boolean http2) throws Exception {
        try (var upstream = new FakeUpstream(vertx, plain(), ask -> ask.stream(STREAM))) {
            Engine engine = Rig.engine(
                    vertx, Rig.model(Map.of(), List.of(entry(upstream, http2))), Map.of(), EngineListener.SILENT);
            List<Recording> recordings = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                vertx.deployVerticle(new Caller(engine, 20, recordings)).await(10, TimeUnit.SECONDS);
            }
            assertThat(recordings).hasSize(60).allSatisfy(recording -> {
                assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
                assertThat(recording.breaches()).isEmpty();
            });
            assertThat(upstream.asked().stream()
                            .map(ask -> ask.request().connection())
                            .distinct())
                    .hasSize(3);
            engine.close().await(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void undeployedCallerLeavesTheOthersAlone() throws Exception {
        try (var upstream = new FakeUpstream(vertx, ask -> ask.stream(STREAM))) {
            Engine engine = Rig.engine(vertx, Rig.model(upstream.url()), Map.of(), EngineListener.SILENT);
            for (int i = 0; i < 4; i++) {
                List<Recording> recordings = new ArrayList<>();
                var caller = new Caller(engine, 1, recordings);
                String deployment = vertx.deployVerticle(caller).await(10, TimeUnit.SECONDS);
                assertThat(recordings.get(0).completion().finishReason()).isEqualTo(FinishReason.STOP);
                vertx.undeploy(deployment).await(10, TimeUnit.SECONDS);
            }
            engine.close().await(10, TimeUnit.SECONDS);
        }
    }

    /** Starts some generations, one after the other, and is deployed when they have ended. */
    private static final class Caller extends VerticleBase {

        private final Engine engine;
        private final int rounds;
        private final List<Recording> recordings;

        Caller(Engine engine, int rounds, List<Recording> recordings) {
            this.engine = engine;
            this.rounds = rounds;
            this.recordings = recordings;
        }

        @Override
        public Future<?> start() {
            return engine.open().compose(facts -> round(rounds));
        }

        private Future<Void> round(int left) {
            return left == 0
                    ? Future.succeededFuture()
                    : engine.prepare(Rig.PROMPT).compose(prepared -> {
                        Recording recording = Recording.start(engine, prepared);
                        recordings.add(recording);
                        return recording.end().compose(end -> vertx.timer(1)).compose(later -> round(left - 1));
                    });
        }
    }

    @Test
    void keyComesFromTheEnvironmentOrAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("key"), "sk-file\n");
        try (var upstream = new FakeUpstream(vertx, ask -> ask.stream(STREAM))) {
            List<Map<String, Object>> entries = List.of(
                    Map.of("url", upstream.url(), "model", "m", "keyEnv", "A_KEY"),
                    Map.of("url", upstream.url(), "model", "m", "keyFile", file.toString()));
            try (var rig = new Rig(vertx, Rig.model(Map.of(), entries), Map.of("A_KEY", "sk-environment"))) {
                rig.complete();
                rig.complete();
                assertThat(rig.reports().toString()).doesNotContain("sk-");
                assertThat(rig.engine().toString()).doesNotContain("sk-");
            }
            assertThat(upstream.asked().stream().map(ask -> ask.request().getHeader("Authorization")))
                    .containsExactly("Bearer sk-environment", "Bearer sk-file");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "keyEnv, MISSING, 'upstreams[0].keyEnv: MISSING is not set'",
        "keyEnv, EMPTY, 'upstreams[0].keyEnv: EMPTY holds no key'",
        "keyEnv, BROKEN, 'upstreams[0].keyEnv: BROKEN holds no key'",
        "keyFile, /nowhere/key, 'upstreams[0].keyFile: /nowhere/key cannot be read'",
        "trustFile, /nowhere/pem, 'upstreams[0].trustFile: /nowhere/pem cannot be read'",
        "trustFile, /dev/null, 'upstreams[0].trustFile: /dev/null holds no certificate'"
    })
    void modelDoesNotOpenWithoutItsSecrets(String key, String value, String line) {
        List<Map<String, Object>> entries = List.of(Map.of("url", "https://127.0.0.1", "model", "m", key, value));
        Map<String, String> variables = Map.of("EMPTY", " ", "BROKEN", "sk-1\nsk-2");
        Engine engine = Rig.engine(vertx, Rig.model(Map.of(), entries), variables, EngineListener.SILENT);

        assertThatThrownBy(() -> engine.open().await(10, TimeUnit.SECONDS))
                .isInstanceOf(GenerationException.class)
                .hasMessageStartingWith(line)
                .hasMessageContaining("(expected: ")
                .message()
                .doesNotContain("sk-");
    }
}
