package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Recording;
import dev.runnel.engine.openai.FakeUpstream.Ask;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many generations at once, with cancels and mishaps at random. */
@ExtendWith(VertxExtension.class)
class SoakTest {

    private static final long SEED = 20_261_123;
    private static final int ROUNDS = 20;
    private static final int PLACES = 20;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final String GOOD =
            FakeUpstream.delta("Once").repeat(5) + FakeUpstream.finish("stop") + FakeUpstream.DONE;

    private final Random random = new Random(SEED);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyGenerationEndsOnceAndLeavesItsPlace(boolean http2, Vertx vertx) throws Exception {
        var options = new HttpServerOptions().setHttp2ClearTextEnabled(true);
        Map<String, Object> pauses = Map.of("setAside", Map.of("first", "1ms", "longest", "1ms"));
        try (var first = new FakeUpstream(vertx, options, ask -> answer(vertx, ask));
                var second = new FakeUpstream(vertx, options, ask -> answer(vertx, ask));
                var rig = new Rig(vertx, Rig.model(pauses, List.of(entry(first, http2), entry(second, http2))))) {
            for (int round = 0; round < ROUNDS; round++) {
                for (Recording recording : start(rig, () -> random.nextInt(4) == 0 ? random.nextInt(3) : NEVER)) {
                    recording.awaitEnd();
                    assertThat(recording.breaches()).as("seed %d", SEED).isEmpty();
                }
            }
            comeBack(rig, first);
            comeBack(rig, second);
            assertThat(start(rig, () -> NEVER))
                    .hasSize(2 * PLACES)
                    .allSatisfy(recording ->
                            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP));
        }
    }

    private static Map<String, Object> entry(FakeUpstream upstream, boolean http2) {
        return Map.of("url", upstream.url(), "model", "m", "http2", http2, "concurrent", PLACES);
    }

    /** As many as all upstreams take; fewer where their circuits are open. */
    private static List<Recording> start(Rig rig, IntSupplier cancelAt) throws TimeoutException {
        List<Recording> recordings = new ArrayList<>();
        for (int i = 0; i < 2 * PLACES; i++) {
            try {
                recordings.add(rig.start(Rig.PROMPT, cancelAt.getAsInt()));
            } catch (GenerationException refusal) {
                assertThat(refusal).hasMessageContaining("do not answer");
            }
        }
        return recordings;
    }

    /** From now on it behaves; waits until it is trusted again. */
    private static void comeBack(Rig rig, FakeUpstream upstream) throws TimeoutException {
        upstream.always(ask -> ask.stream(GOOD));
        String completed = "127.0.0.1:" + upstream.port() + " COMPLETED";
        rig.reports().clear();
        while (!rig.reports().contains(completed)) {
            start(rig, () -> NEVER).forEach(SoakTest::awaitEnd);
        }
    }

    private static void awaitEnd(Recording recording) {
        recording.end().await();
    }

    private void answer(Vertx vertx, Ask ask) {
        switch (random.nextInt(10)) {
            case 0 -> ask.status(500, "no");
            case 1 -> ask.status(429, "no");
            case 2 -> ask.status(400, "no");
            case 3 -> ask.request().connection().close();
            case 4 -> ask.stream(FakeUpstream.delta("Once"), "data: garbage\n\n");
            case 5 ->
                ask.begin()
                        .write(FakeUpstream.delta("Once"))
                        .onSuccess(v -> ask.response().reset());
            case 6 -> ask.stream(GOOD);
            default -> slowly(vertx, ask);
        }
    }

    private static void slowly(Vertx vertx, Ask ask) {
        HttpServerResponse response = ask.begin();
        int[] left = {5};
        vertx.setPeriodic(1, id -> {
            if (left[0]-- > 0) {
                response.write(FakeUpstream.delta("Once"));
            } else {
                vertx.cancelTimer(id);
                response.end(FakeUpstream.finish("stop") + FakeUpstream.DONE);
            }
        });
    }
}
