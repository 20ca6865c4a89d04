package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ends of the pieces of a shared text. */
class PieceEndsTest {

    @Test
    void textKeepsWhereEachPieceEnds() {
        SharedText text = new SharedText(true);
        List<Long> ends = new ArrayList<>(List.of(0L));
        for (int i = 0; i < 100; i++) {
            int capacity = text.capacity();
            EscapedText piece = EscapedText.of("ö\n" + i);
            int announced = text.growthFor(piece);
            text.append(piece);
            assertThat(text.capacity()).isEqualTo(announced == 0 ? capacity : announced);
            ends.add(text.utf8Length());
        }

        assertThat(text.pieces()).isEqualTo(100);
        for (int trimmed = 0; trimmed < 2; trimmed++) {
            for (int pieces = 0; pieces <= 100; pieces++) {
                assertThat(text.pieceEnd(pieces)).isEqualTo(ends.get(pieces));
            }
            text.trim();
        }
        assertThat(text.capacity()).isEqualTo(EscapedText.of(text.decoded()).escapedLength() + 400);
        text.append(EscapedText.of("x"));
        assertThat(text.pieceEnd(101)).isEqualTo(text.utf8Length());
    }

    @Test
    void readerKeepsItsNumberOfPiecesWhileTheTextGrows() {
        SharedText text = new SharedText(true);
        Transcript transcript = new Transcript();
        text.append(EscapedText.of("a"));
        transcript.show(text);

        text.append(EscapedText.of("b"));

        assertThat(transcript.pieces()).isEqualTo(1);
        transcript.show(text);
        assertThat(transcript.pieces()).isEqualTo(2);
    }

    @Test
    void otherTextsKeepNoPieces() {
        SharedText text = new SharedText();

        text.append(EscapedText.of("abc"));
        text.trim();

        assertThat(text.pieces()).isZero();
        assertThat(text.capacity()).isEqualTo(3);
        assertThat(text.decoded()).isEqualTo("abc");
    }

    @Test
    void transcriptOfItsOwnCountsItsPieces() {
        Transcript transcript = new Transcript();
        transcript.append(EscapedText.of("a"));
        transcript.append(EscapedText.of("b"));

        assertThat(transcript.pieces()).isEqualTo(2);
    }
}
