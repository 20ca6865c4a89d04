package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Recording;
import dev.runnel.text.Sampling;
import dev.runnel.text.Usage;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens a generation is charged for, whatever the upstream reports. */
@ExtendWith(VertxExtension.class)
class UsageTest {

    private static final String TWO_WORDS = FakeUpstream.delta("Once") + FakeUpstream.delta(" upon");

    private final Vertx vertx;

    @AutoClose
    private final FakeUpstream upstream;

    UsageTest(Vertx vertx) throws Exception {
        this.vertx = vertx;
        upstream = FakeUpstream.ofTwoWords(vertx);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 4, 2", "9, 0, 9, 2", "0, 5, 4, 5"})
    void estimateReplacesEachNumberThatIsNotReported(int prompt, int completion, int chargedPrompt, int charged)
            throws Exception {
        upstream.always(ask -> ask.stream(
                TWO_WORDS, FakeUpstream.finish("stop"), FakeUpstream.usage(prompt, completion), FakeUpstream.DONE));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.complete().usage()).isEqualTo(new Usage(chargedPrompt, charged, true));
        }
    }

    @Test
    void earlyReportIsNoLimitWhenTheClientLeaves() throws Exception {
        upstream.always(ask -> ask.begin().write(FakeUpstream.usage(4, 1) + TWO_WORDS));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start(Rig.PROMPT, 1);

            assertThat(recording.completion().usage()).isEqualTo(new Usage(4, 2, true));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: {\"error\":{\"message\":\"x\"}}\n\n", "data: {\n\n", "data: [DONE]\n\n"})
    void failureAfterTheHeadIsChargedForPromptAndDeltas(String end) throws Exception {
        upstream.always(ask -> ask.stream(TWO_WORDS, end));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();
            Rig.failure(recording);

            assertThat(recording.spent()).isEqualTo(new Usage(4, 2, true));
        }
    }

    @Test
    void reportBeforeAFailureCounts() throws Exception {
        upstream.always(ask -> ask.stream(TWO_WORDS, FakeUpstream.usage(77, 3), "data: {\n\n"));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();
            Rig.failure(recording);

            assertThat(recording.spent()).isEqualTo(new Usage(77, 3, false));
        }
    }

    @Test
    void systemTextOfTheModelMayBeCharged() throws Exception {
        upstream.always(ask ->
                ask.stream(TWO_WORDS, FakeUpstream.finish("stop"), FakeUpstream.usage(9000, 2), FakeUpstream.DONE));
        Map<String, Object> upstreams = Map.of("upstreams", List.of(Map.of("url", upstream.url(), "model", "m")));
        ModelConfig model = new ModelConfig(
                "relayed", "openai", ModelConfig.Template.CHAT, "word ".repeat(9000), Sampling.UNSET, upstreams);
        try (var rig = new Rig(vertx, model)) {
            assertThat(rig.complete().usage()).isEqualTo(new Usage(9000, 2, false));
        }
    }

    @Test
    void refusedRequestIsNotCharged() throws Exception {
        upstream.always(ask -> ask.status(429, "no"));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();
            Rig.failure(recording);

            assertThat(recording.spent()).isEqualTo(Usage.NONE);
        }
    }

    @Test
    void earlyReportIsNoLimitWhenTheTextIsCut() throws Exception {
        upstream.always(ask -> ask.begin()
                .write(FakeUpstream.usage(4, 1) + FakeUpstream.delta("a").repeat(64)));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.complete().usage()).isEqualTo(new Usage(4, 64, true));
        }
    }

    @Test
    void earlyReportIsNoLimitOfACompleteText() throws Exception {
        upstream.always(ask -> ask.stream(FakeUpstream.usage(4, 1), TWO_WORDS, FakeUpstream.finish("stop")));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.complete().usage()).isEqualTo(new Usage(4, 2, true));
        }
    }

    @Test
    void reportAfterTheTextCountsWhenTheClientLeaves() throws Exception {
        upstream.always(ask -> ask.begin().write(TWO_WORDS + FakeUpstream.usage(4, 1)));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start(Rig.PROMPT, 1);

            assertThat(recording.completion().usage()).isEqualTo(new Usage(4, 1, false));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "7, 7"})
    void reasoningIsChargedUnlessTheUpstreamReports(int reported, int charged) throws Exception {
        String thought = FakeUpstream.event(new JsonObject().put("reasoning_content", "hm"), null);
        upstream.always(ask ->
                ask.stream(thought.repeat(3), TWO_WORDS, FakeUpstream.finish("stop"), FakeUpstream.usage(4, reported)));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.complete().usage()).isEqualTo(new Usage(4, charged, reported == 0));
        }
    }
}
