package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.Recording;
import dev.runnel.engine.openai.FakeUpstream.Ask;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several upstreams, of which one fails. */
@ExtendWith(VertxExtension.class)
class SeveralUpstreamsTest {

    private Vertx vertx;

    @AutoClose
    private FakeUpstream first;

    @AutoClose
    private FakeUpstream second;

    @BeforeEach
    void listen(Vertx vertx) throws Exception {
        this.vertx = vertx;
        first = new FakeUpstream(vertx, SeveralUpstreamsTest::answer);
        second = new FakeUpstream(vertx, SeveralUpstreamsTest::answer);
    }

    private static void answer(Ask ask) {
        ask.stream(FakeUpstream.delta("Once"), FakeUpstream.finish("stop"), FakeUpstream.DONE);
    }

    @Test
    void requestsAreSharedOutByWeight() throws Exception {
        List<Map<String, Object>> entries = List.of(
                Map.of("url", first.url(), "model", "big", "weight", 3), Map.of("url", second.url(), "model", "small"));
        try (var rig = new Rig(vertx, Rig.model(Map.of(), entries))) {
            for (int i = 0; i < 20; i++) {
                rig.complete();
            }
        }
        assertThat(first.asked())
                .hasSize(15)
                .allMatch(ask -> ask.json().getString("model").equals("big"));
        assertThat(second.asked())
                .hasSize(5)
                .allMatch(ask -> ask.json().getString("model").equals("small"));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void overloadAndErrorsAreTriedElsewhereAndTheUpstreamIsSetAside(int status) throws Exception {
        first.always(ask -> ask.status(status, "no"));
        try (var rig = new Rig(vertx, Rig.model(first.url(), second.url()))) {
            for (int i = 0; i < 5; i++) {
                Recording recording = rig.start();
                assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
                assertThat(recording.text()).isEqualTo("Once");
                assertThat(recording.breaches()).isEmpty();
            }
            assertThat(rig.reports())
                    .filteredOn(line -> line.endsWith(" retried"))
                    .hasSize(1);
            assertThat(rig.reports()).contains("127.0.0.1:" + first.port() + " circuit open");
        }
        assertThat(first.asked()).hasSize(1);
        assertThat(second.asked()).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 402, 403, 404, 408, 301, 418})
    void refusalOfTheServiceIsTriedElsewhereAndTheUpstreamIsSetAside(int status) throws Exception {
        first.always(ask -> ask.status(status, "no"));
        Map<String, Object> pauses = Map.of("setAside", Map.of("first", "10m", "longest", "10m"));
        try (var rig = new Rig(vertx, Rig.model(pauses, first.url(), second.url()))) {
            for (int i = 0; i < 5; i++) {
                assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.STOP);
            }
        }
        assertThat(first.asked()).hasSize(1);
        assertThat(second.asked()).hasSize(5);
    }

    @Test
    void lastUpstreamIsNeverSetAsideForARefusal() throws Exception {
        first.always(ask -> ask.status(401, "no"));
        second.always(ask -> ask.status(401, "no"));
        Map<String, Object> pauses = Map.of("setAside", Map.of("first", "10m", "longest", "10m"));
        try (var rig = new Rig(vertx, Rig.model(pauses, first.url(), second.url()))) {
            for (int i = 0; i < 3; i++) {
                rig.fail();
            }
            assertThat(rig.reports())
                    .filteredOn(line -> line.startsWith("notice "))
                    .hasSize(2);
        }
        assertThat(first.asked().size() + second.asked().size()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"error\":{\"message\":\"no\"}}\n\n",
                "event: error\ndata: no\n\n",
                "data: [DONE]\n\n",
                "data: {\n\n",
                "<html>",
                ""
            })
    void failureAfterTheHeadAndBeforeTheTextIsTriedElsewhere(String stream) throws Exception {
        first.always(ask -> ask.stream(stream));
        try (var rig = new Rig(vertx, Rig.model(first.url(), second.url()))) {
            Recording recording = rig.start();

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(recording.text()).isEqualTo("Once");
            assertThat(recording.breaches()).isEmpty();
        }
        assertThat(second.asked()).hasSize(1);
    }

    @Test
    void silenceBeforeTheTextIsTriedElsewhere() throws Exception {
        first.always(Ask::begin);
        Map<String, Object> deadlines = Map.of("deadlines", Map.of("firstByte", "50ms"));
        try (var rig = new Rig(vertx, Rig.model(deadlines, first.url(), second.url()))) {
            assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void nothingIsTriedElsewhereAfterReasoning() throws Exception {
        first.always(ask -> ask.begin()
                .write(FakeUpstream.event(new JsonObject().put("reasoning_content", "hm"), null))
                .onSuccess(v -> ask.request().connection().close()));
        try (var rig = new Rig(vertx, Rig.model(first.url(), second.url()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
        }
        assertThat(second.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    void otherAnswersAreNotTriedElsewhere(int status) throws Exception {
        first.always(ask -> ask.status(status, "no"));
        try (var rig = new Rig(vertx, Rig.model(first.url(), second.url()))) {
            rig.fail();
        }
        assertThat(second.asked()).isEmpty();
    }

    @Test
    void refusedConnectionIsTriedElsewhere() throws Exception {
        first.close();
        try (var rig = new Rig(vertx, Rig.model(first.url(), second.url()))) {
            assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.STOP);
        }
        assertThat(second.asked()).hasSize(1);
    }

    @Test
    void connectionThatBreaksBeforeTheAnswerIsTriedElsewhere() throws Exception {
        first.always(ask -> ask.request().connection().close());
        try (var rig = new Rig(vertx, Rig.model(first.url(), second.url()))) {
            assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.STOP);
        }
        assertThat(second.asked()).hasSize(1);
    }

    @Test
    void nothingIsTriedElsewhereAfterTheFirstText() throws Exception {
        first.always(ask -> ask.begin()
                .write(FakeUpstream.delta("Once"))
                .onSuccess(v -> ask.request().connection().close()));
        try (var rig = new Rig(vertx, Rig.model(first.url(), second.url()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
        }
        assertThat(second.asked()).isEmpty();
    }

    @Test
    void eachIsTriedOnceAndTheLastFailureIsReported() throws Exception {
        first.always(ask -> ask.status(500, "no"));
        second.always(ask -> ask.status(429, "no"));
        try (var rig = new Rig(vertx, Rig.model(first.url(), second.url()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_OVERLOADED);
        }
        assertThat(first.asked()).hasSize(1);
        assertThat(second.asked()).hasSize(1);
    }

    @Test
    void requestIsRefusedBeforeItStartsWhenAllCircuitsAreOpen() throws Exception {
        first.always(ask -> ask.status(503, "no"));
        second.always(ask -> ask.status(503, "no"));
        try (var rig = new Rig(vertx, Rig.model(first.url(), second.url()))) {
            rig.fail();

            assertThatThrownBy(() -> rig.prepare(Rig.PROMPT))
                    .isInstanceOfSatisfying(GenerationException.class, refusal -> {
                        Failure failure = refusal.failure();
                        assertThat(failure.code()).isEqualTo(FailureCode.UPSTREAM_OVERLOADED);
                        assertThat(failure.retryAfterSeconds()).isEqualTo(1);
                    });
        }
    }

    @Test
    void upstreamIsTriedAgainAfterItsPause() throws Exception {
        first.next(ask -> ask.status(503, "no"));
        Map<String, Object> pauses = Map.of("setAside", Map.of("first", "1ms", "longest", "1ms"));
        try (var rig = new Rig(vertx, Rig.model(pauses, first.url(), second.url()))) {
            while (first.asked().size() < 2) {
                rig.complete();
            }
            assertThat(second.asked()).isNotEmpty();
        }
    }

    @Test
    void limitOfEachIsKept() throws Exception {
        first.always(ask -> ask.begin().write(FakeUpstream.delta("Once")));
        List<Map<String, Object>> entries = List.of(
                Map.of("url", first.url(), "model", "m", "concurrent", 2, "weight", 1000),
                Map.of("url", second.url(), "model", "m", "concurrent", 1));
        try (var rig = new Rig(vertx, Rig.model(Map.of(), entries))) {
            Recording one = rig.start();
            Recording two = rig.start();
            first.awaitAsk();
            first.awaitAsk();
            rig.complete();
            rig.complete();
            assertThat(second.asked()).hasSize(2);

            rig.run(one::cancel);
            assertThat(one.completion().finishReason()).isEqualTo(FinishReason.CANCELLED);
            Recording three = rig.start();
            first.awaitAsk();
            rig.run(two::cancel);
            rig.run(three::cancel);
            three.awaitEnd();
        }
    }

    @Test
    void sameAddressTwiceHasTwoNames() throws Exception {
        try (var rig = new Rig(vertx, Rig.model(first.url(), first.url()))) {
            rig.complete();
            rig.complete();

            String name = "127.0.0.1:" + first.port();
            assertThat(rig.reports()).containsExactly(name + " COMPLETED", name + "#1 COMPLETED");
        }
    }
}
