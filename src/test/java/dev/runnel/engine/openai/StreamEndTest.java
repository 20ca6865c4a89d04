package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which finish reasons are an end, and which members of an event mean nothing. */
class StreamEndTest {

    private final DeltaReader reader = new DeltaReader(new ParseBuffers(new JsonFactory(), Api.CHAT, true, 1 << 20));

    private void read(String event) {
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        reader.event(bytes, 0, bytes.length, false);
    }

    private static String choice(String delta, String finish) {
        return "{\"choices\":[{\"index\":0,\"delta\":{" + delta + "},\"finish_reason\":\"" + finish + "\"}]}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "NULL", "none", "None", "", " "})
    void wordForNothingIsNoFinishReason(String word) {
        read(choice("\"content\":\"Hel\"", word));
        read(choice("\"content\":\"lo\"", word));
        read(choice("", word));

        assertThat(reader.finish()).isNull();
        assertThat(reader.isFinished()).isFalse();
        assertThat(reader.takeText().toString()).isEqualTo("Hello");
    }

    @Test
    void wordWithoutTextIsAnEnd() {
        read(choice("\"content\":\"Hello\"", "null"));
        read(choice("\"content\":\"\"", "stop"));

        assertThat(reader.isFinished()).isTrue();
    }

    @Test
    void wordBesideTextIsNoEnd() {
        read(choice("\"content\":\"Hello\"", "stop"));

        assertThat(reader.finish()).isEqualTo("stop");
        assertThat(reader.isFinished()).isFalse();
    }

    @Test
    void wordFollowedByTextIsNoEnd() {
        read(choice("\"content\":\"Hel\"", "null"));
        read(choice("", "stop"));
        read(choice("\"content\":\"lo\"", "null"));

        assertThat(reader.isFinished()).isFalse();
        read(choice("", "stop"));
        assertThat(reader.isFinished()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "[]", "{\"choices\":7}", "{"})
    void noiseAfterTheEndIsIgnored(String noise) {
        read(choice("\"content\":\"Hello\"", "null"));
        read(choice("", "stop"));
        read(noise);
        read("{\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2}}");

        assertThat(reader.isFinished()).isTrue();
        assertThat(reader.isError()).isFalse();
        assertThat(reader.promptTokens()).isEqualTo(4);
        assertThat(reader.completionTokens()).isEqualTo(2);
    }

    @Test
    void errorAfterTheEndIsAnError() {
        read(choice("", "stop"));
        read("{\"error\":{\"message\":\"x\"}}");

        assertThat(reader.isError()).isTrue();
    }

    @Test
    void dataThatStartsWithAColonIsIgnored() {
        read(": keep-alive");
        read(choice("\"content\":\"Hello\"", "null"));

        assertThat(reader.events()).isEqualTo(1);
        assertThat(reader.takeText().toString()).isEqualTo("Hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"reasoning_content\":\"\"", "\"reasoning\":\"\"", "\"reasoning\":null"})
    void emptyReasoningIsNoProgress(String member) {
        read("{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"," + member + "}}]}");

        assertThat(reader.hasProgress()).isFalse();
        read(choice("\"reasoning\":\"hm\"", "null"));
        assertThat(reader.hasProgress()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "{}", "false"})
    void emptyErrorIsNoError(String error) {
        read("{\"error\":" + error + ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}");

        assertThat(reader.isError()).isFalse();
        assertThat(reader.takeText().toString()).isEqualTo("Hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "{\"a\":{\"b\":[]}}", "true", "500", "[]"})
    void anyOtherErrorIsAnError(String error) {
        read("{\"error\":" + error + ",\"choices\":[]}");

        assertThat(reader.isError()).isTrue();
    }
}
