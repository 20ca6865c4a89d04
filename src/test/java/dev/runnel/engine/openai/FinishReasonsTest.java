package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.text.FinishReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FinishReasonsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "length",
                "max_tokens",
                "MAX_TOKENS",
                "max_output_tokens",
                "model_length",
                "model_context_window_exceeded"
            })
    void wordForNoMoreRoomIsLength(String word) {
        assertThat(FinishReasons.meaning(word)).contains(FinishReason.LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"content_filter", "content_filtered", "sensitive", "SAFETY"})
    void wordForAFilterIsContentFilter(String word) {
        assertThat(FinishReasons.meaning(word)).contains(FinishReason.CONTENT_FILTER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "error",
                "Error",
                "network_error",
                "server_error",
                "timeout",
                "abort",
                "canceled",
                "stream_error",
                "aborted_by_server",
                "request_timeout",
                "NETWORK"
            })
    void wordForAFailureHasNoMeaning(String word) {
        assertThat(FinishReasons.meaning(word)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "STOP", "eos", "end_turn", "tool_calls", "some_new_word"})
    void anyOtherWordIsStop(String word) {
        assertThat(FinishReasons.meaning(word)).contains(FinishReason.STOP);
    }
}
