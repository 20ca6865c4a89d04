package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class TranscriptTest {

    private final Transcript transcript = new Transcript();
    private final TranscriptReader reader = new TranscriptReader(transcript);

    private static String unsent(TranscriptReader reader) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        reader.copyUnsentTo(bytes::write);
        assertThat(bytes.size()).isEqualTo(reader.unsentLength());
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String whole(Transcript transcript) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        transcript.copyTo(bytes::write);
        assertThat(bytes.size()).isEqualTo(transcript.length());
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void append(String text) {
        transcript.append(EscapedText.of(text));
    }

    @Test
    void readersHavePositionsOfTheirOwn() {
        append("one");
        reader.markSent();
        append(" two");
        TranscriptReader later = new TranscriptReader(transcript);

        assertThat(unsent(reader)).isEqualTo(" two");
        assertThat(unsent(later)).isEqualTo("one two");
        later.markSent();
        assertThat(later.hasUnsent()).isFalse();
        assertThat(reader.hasUnsent()).isTrue();
        assertThat(whole(transcript)).isEqualTo("one two");
    }

    @Test
    void positionIsInBytesOfUtf8BeforeEscaping() {
        append("é\n\"");
        append("😀");

        reader.markSent();
        append("x");

        assertThat(reader.utf8Position()).isEqualTo(8);
        assertThat(transcript.utf8Length()).isEqualTo(9);
        assertThat(transcript.length()).isEqualTo(11);
    }

    @Test
    void discardedTextIsGoneAndCountsAsText() {
        append("one");
        reader.markSent();
        append("two");

        reader.discardSent();

        assertThat(whole(transcript)).isEqualTo("two");
        assertThat(unsent(reader)).isEqualTo("two");
        assertThat(transcript.utf8Length()).isEqualTo(6);
    }

    @Test
    void readerThatIsAheadGoesOnAfterADiscard() {
        append("one");
        TranscriptReader ahead = new TranscriptReader(transcript);
        reader.markSent();
        append("two");
        ahead.markSent();

        reader.discardSent();
        append("three");

        assertThat(unsent(ahead)).isEqualTo("three");
        assertThat(unsent(reader)).isEqualTo("twothree");
    }

    @RepeatedTest(50)
    void whatAReaderGetsIsTheText(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        StringBuilder text = new StringBuilder();
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            String piece = "x".repeat(random.nextInt(40)) + i;
            append(piece);
            text.append(piece);
            if (random.nextBoolean()) {
                sent.append(unsent(reader));
                reader.markSent();
            }
            if (random.nextBoolean()) {
                reader.discardSent();
            }
        }

        assertThat(sent.append(unsent(reader)))
                .as("seed %d", repetition.getCurrentRepetition())
                .hasToString(text.toString());
    }
}
