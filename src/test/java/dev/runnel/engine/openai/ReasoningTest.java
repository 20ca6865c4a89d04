package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Recording;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reasoning of an upstream is passed on beside the text, in its place. */
@ExtendWith(VertxExtension.class)
class ReasoningTest {

    private final Vertx vertx;

    @AutoClose
    private final FakeUpstream upstream;

    ReasoningTest(Vertx vertx) throws Exception {
        this.vertx = vertx;
        upstream = FakeUpstream.ofTwoWords(vertx);
    }

    private static String delta(String members) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{" + members + "}}]}\n\n";
    }

    private Recording relayed(String... events) throws Exception {
        upstream.always(ask -> ask.stream(String.join("", events)));
        try (Rig rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();
            recording.awaitEnd();
            assertThat(recording.breaches()).isEmpty();
            return recording;
        }
    }

    @Test
    void reasoningAndTextKeepTheirOrderWithinOneRead() throws Exception {
        Recording recording = relayed(
                delta("\"role\":\"assistant\",\"content\":\"\""),
                delta("\"reasoning_content\":\"Hm,\""),
                delta("\"reasoning_content\":\" a \\\"tale\\\"\""),
                FakeUpstream.delta("Once"),
                FakeUpstream.delta(" upon"),
                delta("\"reasoning_content\":\"wait\",\"content\":\" a\""),
                FakeUpstream.delta(" time"),
                FakeUpstream.finish("stop"),
                FakeUpstream.DONE);

        assertThat(recording.answer())
                .containsExactly(
                        "reasoning_content \"Hm, a \\\"tale\\\"\"",
                        "Once upon",
                        "reasoning_content \"wait\"",
                        " a time");
        assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
        // Two deltas of reasoning alone, four of text.
        assertThat(recording.completion().usage().completionTokens()).isEqualTo(6);
        assertThat(recording.tokens()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"reasoning\":\"hm\"                                  | \"hm\"",
                "\"reasoning\":\"hm\",\"reasoning_content\":\"hm\"     | \"hm\"",
                "\"reasoning_content\":\"hm\",\"reasoning\":\"hm\"     | \"hm\"",
                "\"reasoning_content\":\"a\\u0000\\ud83d\\ude00ü\"      | \"a\\u0000\\ud83d\\ude00ü\"",
                "\"reasoning_content\":\"\\ud83d lone\"                | \"� lone\""
            })
    void reasoningIsPassedOnAsItCame(String members, String json) throws Exception {
        assertThat(relayed(delta(members), FakeUpstream.TWO_WORDS, FakeUpstream.DONE)
                        .answer())
                .containsExactly("reasoning_content " + json, "Once upon");
    }

    @Test
    void surrogatePairInTwoDeltasIsJoined() throws Exception {
        Recording recording = relayed(
                delta("\"reasoning_content\":\"a\""),
                delta("\"reasoning_content\":\"\\ud83d\""),
                FakeUpstream.delta("Once"),
                delta("\"reasoning_content\":\"\\ude00b\""),
                FakeUpstream.finish("stop"),
                FakeUpstream.DONE);

        assertThat(recording.answer())
                .containsExactly("reasoning_content \"a\"", "Once", "reasoning_content \"\\ud83d\\ude00b\"");
        assertThat(recording.completion().usage().completionTokens()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"reasoning_content\":\"\"",
                "\"reasoning_content\":null",
                "\"reasoning\":[{\"type\":\"text\",\"text\":\"hm\"}]",
                "\"reasoning_content\":{\"a\":1}",
                "\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"}]",
                "\"tool_calls\":[{\"index\":0}]"
            })
    void otherFormsAreNotPassedOn(String members) throws Exception {
        assertThat(relayed(delta(members), FakeUpstream.TWO_WORDS, FakeUpstream.DONE)
                        .answer())
                .containsExactly("Once upon");
    }

    @Test
    void wholeAnswerHasItsReasoningFirst() throws Exception {
        Recording recording = relayed("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                + "\"content\":\"Once\",\"reasoning_content\":\"hm\"},\"finish_reason\":\"stop\"}]}");

        assertThat(recording.answer()).containsExactly("reasoning_content \"hm\"", "Once");
    }

    @Test
    void wholeMessageAfterDeltasIsNotPassedOnAgain() throws Exception {
        Recording recording = relayed(
                delta("\"reasoning_content\":\"hm\""),
                FakeUpstream.delta("Once"),
                "data: {\"choices\":[{\"index\":0,\"message\":{\"content\":\"Once\",\"reasoning_content\":\"hm\"},"
                        + "\"finish_reason\":\"stop\"}]}\n\n",
                FakeUpstream.DONE);

        assertThat(recording.answer()).containsExactly("reasoning_content \"hm\"", "Once");
    }

    @Test
    void upstreamsUsageIsThatOfAll() throws Exception {
        Recording recording = relayed(
                delta("\"reasoning_content\":\"hm\""),
                FakeUpstream.TWO_WORDS,
                FakeUpstream.usage(4, 9),
                FakeUpstream.DONE);

        assertThat(recording.completion().usage()).isEqualTo(new Usage(4, 9, false));
    }
}
