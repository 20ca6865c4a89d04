package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscapedTextTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Property(tries = 5000)
    void anyTextSurvivesEscaping(@ForAll String text) throws JsonProcessingException {
        Assume.that(!Surrogates.hasUnpaired(text));

        EscapedText escaped = EscapedText.of(text);

        assertThat(escaped).hasToString(text);
        assertThat(JSON.readValue("\"" + escaped.escapedString() + "\"", String.class))
                .isEqualTo(text);
        assertThat(escaped.utf8Length()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        assertThat(escaped.escapedString()).doesNotContain("\n", "\r", "\u0085", "\u2028", "\u2029");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\/\b\f\n\r\t",
                "\u0000\u001f\u007f",
                "\u0085\u2028\u2029",
                "é😀a\u0301\u202e",
                "â\u2027\u202a"
            })
    void everySpecialCharacterSurvivesEscaping(String text) throws JsonProcessingException {
        anyTextSurvivesEscaping(text);
    }

    @Test
    void joinedPiecesAreThePiecesInOrder() {
        EscapedText joined = EscapedText.join(List.of(EscapedText.of("a\n"), EscapedText.EMPTY, EscapedText.of("é")));

        assertThat(joined).hasToString("a\né").isEqualTo(EscapedText.of("a\né"));
        assertThat(joined.utf8Length()).isEqualTo(4);
    }

    @Test
    void restoredTextEqualsTheSent() {
        EscapedText sent = EscapedText.of("\"é\"");
        byte[] bytes = new byte[sent.escapedLength()];
        sent.copyTo(bytes, 0);

        assertThat(EscapedText.restored(bytes, sent.utf8Length()))
                .isEqualTo(sent)
                .hasToString("\"é\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00b", "\udc00\ud800", "x\ud83d"})
    void loneSurrogateIsRefused(String text) {
        assertThatThrownBy(() -> EscapedText.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lone surrogate");
    }
}
