package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is not text, between texts. */
class PartsTest {

    private final Parts parts = new Parts();

    private static PlacedPart part(String json) {
        return new PlacedPart(PartKind.TOOL_CALLS, json, 0, 0, 0);
    }

    @Test
    void readerSeesWhatIsAppendedAfterItWasMade() {
        parts.append(part("[1]"));
        Parts.Reader reader = parts.reader();
        assertThat(reader.peek()).isNull();
        assertThat(reader.poll()).isNull();

        parts.append(part("[2]"));
        Parts.Reader copy = reader.copy();

        assertThat(reader.peek()).isEqualTo(part("[2]"));
        assertThat(reader.poll()).isEqualTo(part("[2]"));
        assertThat(reader.poll()).isNull();
        assertThat(copy.poll()).isEqualTo(part("[2]"));
    }

    @Test
    void capacityIsWhatWasAnnouncedAndCoversEveryPart() {
        for (int i = 0; i < 1000; i++) {
            int before = parts.capacity();
            int grown = parts.growthFor("[" + i + "]");
            parts.append(part("[" + i + "]"));
            assertThat(parts.capacity()).isEqualTo(grown == 0 ? before : grown);
        }

        int announced = parts.capacity();
        parts.trim();

        assertThat(parts.capacity()).isBetween(1000 * 128, announced);
    }

    @Test
    void capacityOfASharedTextCountsParts() {
        SharedText text = new SharedText();
        int empty = text.capacity();

        int grown = text.growthFor("[]");
        text.append(PartKind.TOOL_CALLS, "[]");

        assertThat(text.capacity()).isEqualTo(grown).isGreaterThan(empty);
        assertThat(text.growthFor(EscapedText.of("x".repeat(300)))).isGreaterThan(grown);
    }

    /** Step 0 is a part, any other is text. However events are cut, a part is between the same texts. */
    @Property
    void readerOfTextStopsAtEachPart(@ForAll List<@IntRange(min = 0, max = 3) Integer> steps) {
        Transcript transcript = new Transcript();
        TranscriptReader reader = new TranscriptReader(transcript);
        Parts.Reader next = parts.reader();
        StringBuilder shown = new StringBuilder();
        StringBuilder whole = new StringBuilder();
        for (int step : steps) {
            if (step == 0) {
                parts.append(new PlacedPart(
                        PartKind.TOOL_CALLS, "|", transcript.end(), transcript.utf8Length(), transcript.pieces()));
                whole.append('|');
            } else {
                String text = "é".repeat(step);
                transcript.append(EscapedText.of(text));
                whole.append(text);
            }
            if (step == 3) {
                show(reader, next, shown);
            }
        }
        show(reader, next, shown);

        assertThat(shown.toString()).isEqualTo(whole.toString());
        assertThat(reader.utf8Position()).isEqualTo(transcript.utf8Length());
    }

    private static void show(TranscriptReader reader, Parts.Reader next, StringBuilder shown) {
        while (true) {
            PlacedPart part = next.peek();
            if (part == null) {
                reader.stopNowhere();
            } else {
                reader.stopAt(part);
            }
            if (reader.hasUnsent()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                reader.copyUnsentTo(bytes::write);
                assertThat(bytes.size()).isEqualTo(reader.unsentLength());
                long end = reader.utf8End();
                reader.markSent();
                reader.discardSent();
                shown.append(bytes.toString(StandardCharsets.UTF_8));
                assertThat(reader.utf8Position())
                        .isEqualTo(end)
                        .isEqualTo(shown.toString().replace("|", "").getBytes(StandardCharsets.UTF_8).length);
            } else if (part == null) {
                return;
            } else {
                assertThat(reader.isAtStop()).isTrue();
                shown.append(next.poll().json());
            }
        }
    }
}
