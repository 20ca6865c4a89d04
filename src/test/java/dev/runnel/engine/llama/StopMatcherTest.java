package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StopMatcherTest {

    @Test
    void textIsHeldBackOnlyWhileItMayBecomeAStopSequence() {
        StopMatcher matcher = new StopMatcher(List.of("</end>"));

        assertThat(feed(matcher, "one <")).isEqualTo("one ");
        assertThat(feed(matcher, "/e")).isEmpty();
        assertThat(feed(matcher, "x")).isEqualTo("</ex");
        assertThat(feed(matcher, "</end")).isEmpty();
        assertThat(matcher.found()).isFalse();
        assertThat(feed(matcher, "> two")).isEmpty();
        assertThat(matcher.found()).isTrue();
        assertThat(matcher.releaseAll().isEmpty()).isTrue();
    }

    @Test
    void whatIsHeldBackComesAtTheEnd() {
        StopMatcher matcher = new StopMatcher(List.of("abc", "bcd"));

        assertThat(feed(matcher, "ab")).isEmpty();

        assertThat(matcher.releaseAll()).hasToString("ab");
    }

    @Test
    void withoutStopSequencesNothingIsHeldBack() {
        assertThat(feed(new StopMatcher(List.of()), "any 😀")).isEqualTo("any 😀");
    }

    @Property
    void resultIsThatOfASearchHoweverTheTextIsSplit(
            @ForAll("texts") String text, @ForAll("stops") List<String> stops, @ForAll("splits") List<Integer> splits) {
        StopMatcher matcher = new StopMatcher(stops);
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (int split : splits) {
            int to = text.offsetByCodePoints(from, Math.min(split, text.codePointCount(from, text.length())));
            out.append(feed(matcher, text.substring(from, to)));
            from = to;
        }
        out.append(feed(matcher, text.substring(from)));
        out.append(matcher.releaseAll());

        assertThat(out.toString()).isEqualTo(searched(text, stops));
        assertThat(matcher.found()).isEqualTo(stops.stream().anyMatch(text::contains));
    }

    /** The text before the stop sequence that is complete first, the longest if several are. */
    private static String searched(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String head = text.substring(0, end);
            int longest = stops.stream()
                    .filter(head::endsWith)
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            if (longest > 0) {
                return head.substring(0, end - longest);
            }
        }
        return text;
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "b", "é", "😀").list().ofMaxSize(30).map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<String>> stops() {
        return Arbitraries.of("a", "b", "é", "😀")
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(parts -> String.join("", parts))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<Integer>> splits() {
        return Arbitraries.integers().between(0, 4).list().ofMaxSize(20);
    }

    private static String feed(StopMatcher matcher, String text) {
        ByteQueue bytes = new ByteQueue();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.append(utf8, utf8.length);
        matcher.append(bytes);
        return matcher.release().toString();
    }
}
