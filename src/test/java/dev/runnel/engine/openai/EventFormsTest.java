package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that some servers put where others have nothing, or in another form. */
class EventFormsTest {

    private final DeltaReader reader = new DeltaReader(new ParseBuffers(new JsonFactory(), Api.CHAT, true, 1 << 20));

    private void read(String event) {
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        reader.event(bytes, 0, bytes.length, false);
    }

    private static String content(String json) {
        return choice("\"delta\":{\"content\":" + json + "}");
    }

    private static String choice(String members) {
        return "{\"choices\":[{\"index\":0," + members + "}]}";
    }

    @Test
    void textPartsOfAContentListAreTheText() {
        read(content("[{\"type\":\"text\",\"text\":\"He\"},{\"text\":\"l\\u00fc\",\"type\":\"text\"}]"));
        read(content("\"lo\""));
        read(content("[]"));

        assertThat(reader.takeText()).hasToString("Hel\u00fclo");
        assertThat(reader.tokens()).isEqualTo(2);
    }

    @Test
    void thinkingPartIsReasoningWithoutText() {
        read(content("[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]}]"));

        assertThat(reader.hasProgress()).isTrue();
        assertThat(reader.takeText().isEmpty()).isTrue();
    }

    @Test
    void emptyThinkingPartIsNoProgress() {
        read(content("[{\"type\":\"thinking\",\"thinking\":[]},{\"type\":\"text\",\"text\":\"\"}]"));

        assertThat(reader.hasProgress()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"message\":{\"content\":\"Hello\"}",
                "\"text\":\"Hello\"",
                "\"delta\":{},\"message\":{\"content\":\"Hello\"}",
                "\"message\":{\"content\":\"Hello\"},\"delta\":{\"content\":null}",
                "\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"Hello\"}]},\"delta\":{\"content\":\"\"}"
            })
    void textOfAChatChunkWithoutADeltaIsRead(String members) {
        read(choice(members));

        assertThat(reader.takeText()).hasToString("Hello");
    }

    @Test
    void wholeMessageAfterDeltasIsNotReadAgain() {
        read(choice("\"delta\":{\"content\":\"Hel\"},\"text\":\"Hel\",\"message\":{\"content\":\"Hel\"}"));
        read(content("\"lo\""));
        read(choice("\"delta\":{},\"message\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\""));

        assertThat(reader.takeText()).hasToString("Hello");
        assertThat(reader.isFinished()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"index\":0,\"delta\":{},\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":5}}]}",
                "{\"choices\":[],\"x_groq\":{\"id\":\"1\",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":5}}}",
                "{\"x_groq\":{\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":5}},\"usage\":null,\"choices\":[]}"
            })
    void usageInAChoiceOrInAMemberOfAVendorIsRead(String event) {
        read(event);

        assertThat(reader.promptTokens()).isEqualTo(9);
        assertThat(reader.completionTokens()).isEqualTo(5);
    }
}
