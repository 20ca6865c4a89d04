package dev.runnel.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTextTest {

    @ParameterizedTest
    @CsvSource({
        "'a\u001b[2Jb', a␛[2Jb",
        "'\u001b]52;c;eA==\u0007', ␛]52;c;eA==␇",
        "'\u009b31m', �31m",
        "'x\u0000\b\u007f', x␀␈␡",
        "'user\u202etxt', user�txt",
        "'\u2066a\u2069\u200f\u061c', �a���",
        "'a\ud800', a�"
    })
    void controlsAreShownAndNotObeyed(String text, String shown) {
        assertThat(SafeText.of(text)).isEqualTo(shown);
    }

    @Test
    void ordinaryTextStaysAsItIs() {
        String text = "Größe 🦊 日本\n\tx — 👩‍👩‍👧";

        assertThat(SafeText.of(text)).isEqualTo(text);
    }

    @Test
    void carriageReturnCannotOverwriteALine() {
        assertThat(SafeText.of("safe\rgone\r\nnext")).isEqualTo("safegone\nnext");
    }

    @Test
    void lineHasNoLineFeed() {
        assertThat(SafeText.line("a\nb\u001b")).isEqualTo("a b␛");
    }

    @Property
    void noTextHasAControlOtherThanLineFeedAndTab(@ForAll String text) {
        assertThat(SafeText.of(text).codePoints().filter(point -> point != '\n' && point != '\t'))
                .noneMatch(point -> Character.getType(point) == Character.CONTROL);
    }
}
