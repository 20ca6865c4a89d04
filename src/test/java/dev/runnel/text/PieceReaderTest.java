package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PieceReaderTest {

    private final SharedText text = new SharedText();
    private final PieceReader reader = new PieceReader(text);

    @Test
    void piecesHaveWholeCodePoints() {
        text.append(EscapedText.of("aéb"));

        assertThat(reader.text(2)).hasToString("aé");
        assertThat(reader.text(2)).hasToString("b");
        assertThat(reader.text(2).isEmpty()).isTrue();
    }

    @Test
    void textThatIsAppendedLaterFollows() {
        text.append(EscapedText.of("Once"));
        assertThat(reader.text(100)).hasToString("Once");

        text.append(EscapedText.of(" \"upon\""));

        EscapedText next = reader.text(100);
        assertThat(next).hasToString(" \"upon\"");
        assertThat(next.utf8Length()).isEqualTo(7);
    }

    @Test
    void partComesInItsPlace() {
        text.append(EscapedText.of("a"));
        text.append(PartKind.TOOL_CALLS, "[1]");
        text.append(PartKind.TOOL_CALLS, "[2]");
        text.append(EscapedText.of("b"));

        assertThat(reader.part()).isNull();
        assertThat(reader.text(100)).hasToString("a");
        assertThat(reader.text(100).isEmpty()).isTrue();
        assertThat(reader.part()).extracting(PlacedPart::json).isEqualTo("[1]");
        assertThat(reader.part()).extracting(PlacedPart::json).isEqualTo("[2]");
        assertThat(reader.part()).isNull();
        assertThat(reader.text(100)).hasToString("b");
        assertThat(reader.part()).isNull();
    }
}
