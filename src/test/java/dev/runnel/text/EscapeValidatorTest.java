package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that another writer escaped. */
class EscapeValidatorTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Property(tries = 5000)
    void anyTextIsReadHoweverItIsEscaped(@ForAll String text, @ForAll long seed) throws JsonProcessingException {
        Assume.that(!Surrogates.hasUnpaired(text));
        byte[] foreign = escapedAnyhow(text, new Random(seed)).getBytes(StandardCharsets.UTF_8);

        EscapedText escaped = EscapedText.ofEscaped(foreign, 0, foreign.length);

        assertThat(escaped).hasToString(text);
        assertThat(escaped.utf8Length()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        assertThat(JSON.readValue("\"" + raw(escaped) + "\"", String.class)).isEqualTo(text);
        assertThat(raw(escaped)).doesNotContain("\u0085", "\u2028", "\u2029", "\u007f");
    }

    @Property(tries = 5000)
    void anyBytesAreReadAsJacksonReadsThemOrRefused(@ForAll byte[] bytes) {
        String decoded = new String(bytes, StandardCharsets.UTF_8);
        String expected;
        try {
            expected = JSON.readValue("\"" + decoded + "\"", String.class);
        } catch (JsonProcessingException e) {
            assertThatThrownBy(() -> EscapedText.ofEscaped(bytes, 0, bytes.length))
                    .isInstanceOf(IllegalArgumentException.class);
            return;
        }
        Assume.that(!decoded.contains("\""));

        assertThat(EscapedText.ofEscaped(bytes, 0, bytes.length)).hasToString(withReplacements(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "\\u00e9\\ud83d\\ude00", "\\/\\\"\\\\\\b\\f\\n\\r\\t", "é😀", "\\u2028"})
    void legalEscapesPassThroughUnchanged(String foreign) {
        byte[] bytes = foreign.getBytes(StandardCharsets.UTF_8);

        assertThat(raw(EscapedText.ofEscaped(bytes, 0, bytes.length))).isEqualTo(foreign);
        assertThat(EscapedText.isClean(bytes, 0, bytes.length)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a\\ud83d, a\ufffd",
        "\\ud83dx, \ufffdx",
        "\\ude00, \ufffd",
        "\\ude00\\ud83d, \ufffd\ufffd",
        "\\ud83d\\ud83d\\ude00, \ufffd😀",
        "\\uD83D\\n, '\ufffd\n'",
    })
    void halfASurrogatePairBecomesTheReplacementCharacter(String foreign, String text) {
        byte[] bytes = foreign.getBytes(StandardCharsets.UTF_8);

        assertThat(EscapedText.ofEscaped(bytes, 0, bytes.length)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c0af", "eda080", "f4908080", "e282", "c2", "f09f98", "80", "f0808080", "e08080"})
    void bytesThatAreNotUtf8BecomeReplacementCharacters(String hex) {
        byte[] bytes = HexFormat.of().parseHex("61" + hex + "62");

        assertThat(EscapedText.ofEscaped(bytes, 0, bytes.length))
                .hasToString(new String(bytes, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"",
                "a\nb",
                "\\",
                "a\\",
                "\\x",
                "\\u12",
                "\\u12g4",
                "\\u",
                "\\é",
                "\u0000",
                "\\u\u0661\u0661\u0661\u0661"
            })
    void textThatNoJsonStringMayContainIsRefused(String foreign) {
        byte[] bytes = foreign.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> EscapedText.ofEscaped(bytes, 0, bytes.length))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "\\ud83d, 6",
        "a\\uDBFF, 6",
        "\\\\\\ud83d, 6",
        "\\\\ud83d, 0",
        "a\\\\\\\\ud83d, 0",
        "\\ude00, 0",
        "\\ud83d\\ude00, 0",
        "ud83d, 0",
        "\\u00e9, 0",
    })
    void openPairIsSeenAtTheEndOnly(String foreign, int held) {
        byte[] bytes = foreign.getBytes(StandardCharsets.UTF_8);

        assertThat(EscapedText.openSurrogateLength(bytes, 0, bytes.length)).isEqualTo(held);
    }

    private static String escapedAnyhow(String text, Random random) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String shortForm = shortForm(c);
            boolean mustEscape = c < 0x20 || c == '"' || c == '\\';
            if (!shortForm.isEmpty() && random.nextBoolean()) {
                escaped.append(shortForm);
            } else if (mustEscape || (random.nextInt(4) == 0 && !Character.isSurrogate(c))) {
                escaped.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return random.nextInt(4) == 0 ? withEscapedPairs(escaped.toString()) : escaped.toString();
    }

    private static String withEscapedPairs(String escaped) {
        StringBuilder ascii = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            ascii.append(Character.isSurrogate(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return ascii.toString();
    }

    private static String shortForm(char c) {
        int at = "\"\\/\b\f\n\r\t".indexOf(c);
        return at < 0
                ? ""
                : List.of("\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t")
                        .get(at);
    }

    private static String withReplacements(String text) {
        return new String(
                text.codePoints()
                        .map(c -> Character.getType(c) == Character.SURROGATE ? 0xfffd : c)
                        .toArray(),
                0,
                (int) text.codePoints().count());
    }

    private static String raw(EscapedText text) {
        byte[] bytes = new byte[text.escapedLength()];
        text.copyTo(bytes, 0);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
