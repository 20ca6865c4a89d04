package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedTextTest {

    private static final int LONG_TEXT = 300_000;

    /** One code point and one of its escaped forms. */
    record Written(int codePoint, String form) {

        byte[] utf8() {
            return Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
        }
    }

    @Property
    void everyCutBetweenCodePointsJoinsAndEveryOtherCutIsRefused(@ForAll("texts") List<Written> text) {
        SharedText shared = new SharedText();
        String whole = append(shared, text);
        byte[] utf8 = whole.getBytes(StandardCharsets.UTF_8);
        List<Integer> boundaries = boundaries(text);

        for (int cut = 0; cut <= utf8.length + 5; cut++) {
            OptionalInt place = shared.escapedPosition(cut);
            assertThat(place.isPresent())
                    .as("cut at %d of %d", cut, utf8.length)
                    .isEqualTo(boundaries.contains(cut));
            if (place.isPresent()) {
                String head = new String(utf8, 0, cut, StandardCharsets.UTF_8);
                assertThat(head + tail(shared, place.getAsInt(), cut)).isEqualTo(whole);
            }
        }
    }

    @Property(tries = 200)
    void readersSeeAPrefixWhileTheTextGrows(@ForAll("texts") List<Written> first, @ForAll("texts") List<Written> next) {
        SharedText shared = new SharedText();
        Transcript seen = new Transcript();
        String before = append(shared, first);
        seen.show(shared);

        String after = append(shared, next);
        shared.trim();

        assertThat(textOf(seen)).isEqualTo(before);
        seen.show(shared);
        assertThat(textOf(seen)).isEqualTo(before + after);
        assertThat(seen.utf8Length()).isEqualTo(shared.utf8Length());
    }

    @Test
    void trimmedTextUsesItsEscapedLength() {
        SharedText shared = new SharedText();
        for (int i = 0; i < 100; i++) {
            shared.append(EscapedText.of("\"once\" "));
        }
        assertThat(shared.capacity()).isGreaterThan(900);

        shared.trim();

        assertThat(shared.capacity()).isEqualTo(900);
        assertThat(shared.utf8Length()).isEqualTo(700);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abcdefgh", "a\\n", "\\u00e9", "é", "\\ud83d\\ude00z"})
    void lookUpInALongTextReadsAShortPartOfIt(String unit) {
        for (int units : new int[] {1, 3_000, LONG_TEXT / unit.length()}) {
            SharedText shared = new SharedText();
            byte[] piece = unit.repeat(units).getBytes(StandardCharsets.UTF_8);
            while (shared.capacity() < LONG_TEXT) {
                shared.append(EscapedText.ofEscaped(piece, 0, piece.length));
            }
            SharedText.Extent text = shared.extent();

            for (long cut = 0; cut < shared.utf8Length(); cut += 1021) {
                long read = cut - shared.placeBefore(cut).utf8();
                assertThat(read).as("cut at %d", cut).isBetween(0L, 2L * SharedText.MARK_DISTANCE);
                assertThat(shared.escapedPosition(cut))
                        .as("cut at %d", cut)
                        .isEqualTo(EscapedCut.find(text.escaped(), text.length(), EscapedCut.Place.START, cut));
            }
        }
    }

    private static String append(SharedText shared, List<Written> text) {
        StringBuilder whole = new StringBuilder();
        for (Written one : text) {
            byte[] form = one.form().getBytes(StandardCharsets.UTF_8);
            shared.append(EscapedText.ofEscaped(form, 0, form.length));
            whole.appendCodePoint(one.codePoint());
        }
        return whole.toString();
    }

    private static List<Integer> boundaries(List<Written> text) {
        List<Integer> places = new ArrayList<>(List.of(0));
        int at = 0;
        for (Written one : text) {
            at += one.utf8().length;
            places.add(at);
        }
        return places;
    }

    private static String tail(SharedText shared, int place, int cut) {
        Transcript transcript = new Transcript();
        transcript.show(shared);
        TranscriptReader reader = new TranscriptReader(transcript);
        reader.startAt(place, cut);
        ByteArrayOutputStream unsent = new ByteArrayOutputStream();
        reader.copyUnsentTo(unsent::write);
        return unescaped(unsent.toByteArray());
    }

    private static String textOf(Transcript transcript) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        transcript.copyTo(all::write);
        return unescaped(all.toByteArray());
    }

    private static String unescaped(byte[] escaped) {
        return EscapedText.ofEscaped(escaped, 0, escaped.length).toString();
    }

    @Provide
    Arbitrary<List<Written>> texts() {
        Arbitrary<Integer> codePoints = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 0x7f),
                Arbitraries.of((int) '"', (int) '\\', (int) '/', (int) '\n', 0x85, 0x2028, 0x2029),
                Arbitraries.integers().between(0x80, 0x7ff),
                Arbitraries.integers().between(0x800, 0xd7ff),
                Arbitraries.integers().between(0xe000, 0xffff),
                Arbitraries.integers().between(0x10000, 0x10ffff));
        return Combinators.combine(codePoints, Arbitraries.integers().between(0, 3))
                .as(SharedTextTest::written)
                .list()
                .ofMaxSize(12);
    }

    private static Written written(int codePoint, int style) {
        String own = Character.toString(codePoint);
        String form = switch (style) {
            case 1 -> unicode(own, "\\u%04x");
            case 2 -> unicode(own, "\\u%04X");
            case 3 -> codePoint == '/' ? "\\/" : ours(own);
            default -> ours(own);
        };
        return new Written(codePoint, form);
    }

    private static String ours(String own) {
        EscapedText text = EscapedText.of(own);
        byte[] bytes = new byte[text.escapedLength()];
        text.copyTo(bytes, 0);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String unicode(String own, String format) {
        StringBuilder form = new StringBuilder();
        own.chars().forEach(unit -> form.append(format.formatted(unit)));
        return form.toString();
    }
}
