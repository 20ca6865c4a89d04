package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.runnel.text.EscapedText;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeamTest {

    private static final String ALPHABET = "ab \n\t.é日😀";

    /** What a seam has passed on of a whole continuation. */
    private record Passed(Seam.State state, String text, int tokens, int repeatedTokens) {}

    private static TextSoFar said(String text, int tokens) {
        return new TextSoFar(text, TokenIds.NONE, tokens);
    }

    /** Cuts a continuation into pieces of one token, and passes each on. */
    private static Passed pass(String said, String continuation, Random random) {
        Seam seam = new Seam(said(said, 3));
        StringBuilder text = new StringBuilder();
        int tokens = 0;
        int at = 0;
        while (at < continuation.length()) {
            int codePoints = continuation.codePointCount(at, continuation.length());
            int end = continuation.offsetByCodePoints(at, 1 + random.nextInt(Math.min(codePoints, 5)));
            text.append(seam.next(EscapedText.of(continuation.substring(at, end)), 1));
            tokens += seam.tokens();
            at = end;
        }
        text.append(seam.end());
        return new Passed(seam.state(), text.toString(), tokens + seam.tokens(), seam.repeatedTokens());
    }

    private static String text(Random random, int longest) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(longest + 1);
        int[] codePoints = ALPHABET.codePoints().toArray();
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
        }
        return text.toString();
    }

    private static String start(String said) {
        return said.strip();
    }

    /** Whether the continuation has so much of the start of the text that it may be a new answer. */
    private static boolean repeats(String said, String continuation) {
        String start = start(said);
        int most = Math.min(start.length(), Seam.SHORTEST_REPETITION);
        return !start.isEmpty() && continuation.stripLeading().startsWith(start.substring(0, most));
    }

    @Property(tries = 5000)
    void exactContinuationGivesTheUndisturbedText(@ForAll long seed) {
        Random random = new Random(seed);
        String said = text(random, 30);
        String rest = text(random, 30);
        String continuation = (said + rest).substring(said.stripTrailing().length());

        Passed passed = pass(said, continuation, random);

        if (!repeats(said, continuation)) {
            assertThat(passed.state()).isEqualTo(Seam.State.CONTINUES);
            assertThat(passed.text()).isEqualTo(rest);
            assertThat(passed.repeatedTokens())
                    .isLessThanOrEqualTo(said.length() - said.stripTrailing().length());
        }
    }

    @Property(tries = 5000)
    void textThatIsReturnedAsAWholeIsLeftOut(@ForAll long seed) {
        Random random = new Random(seed);
        String said = text(random, 30);
        String rest = text(random, 30);

        Passed passed = pass(said, said + rest, random);

        if (start(said).length() >= Seam.SHORTEST_REPETITION) {
            assertThat(passed.state()).isEqualTo(Seam.State.CONTINUES);
            assertThat(passed.text()).isEqualTo(rest);
        } else if (!start(said).isEmpty()) {
            assertThat(passed.state()).isEqualTo(Seam.State.NEW_ANSWER);
            assertThat(passed.text()).isEmpty();
        }
    }

    @Property(tries = 5000)
    void newAnswerWithTheSameStartIsNotPassedOn(@ForAll long seed) {
        Random random = new Random(seed);
        String said = "x" + text(random, 30) + text(random, 10) + "yyyyyyyy";
        int same = Seam.SHORTEST_REPETITION + random.nextInt(said.length() - Seam.SHORTEST_REPETITION);
        int cut = said.offsetByCodePoints(0, said.codePointCount(0, same));
        String answer = " " + said.substring(0, Math.min(cut, said.length() - 1)) + (random.nextBoolean() ? "" : "z");

        Passed passed = pass(said, answer, random);

        assertThat(passed.state()).isEqualTo(Seam.State.NEW_ANSWER);
        assertThat(passed.text()).isEmpty();
    }

    @Property(tries = 5000)
    void resultDoesNotDependOnThePieces(@ForAll long seed) {
        Random random = new Random(seed);
        String said = text(random, 20);
        String continuation = random.nextBoolean() ? text(random, 20) : said + text(random, 10);

        Passed once = pass(said, continuation, random);
        Passed again = pass(said, continuation, random);

        assertThat(again.text()).isEqualTo(once.text());
        assertThat(again.state()).isEqualTo(once.state());
    }

    @Property(tries = 2000)
    void everyTokenIsPassedOnOrRepeatsTheText(@ForAll long seed) {
        Random random = new Random(seed);
        String said = text(random, 20);
        Seam seam = new Seam(said(said, 2));
        int pieces = random.nextInt(20);
        int passed = 0;
        for (int i = 0; i < pieces; i++) {
            seam.next(EscapedText.of(text(random, 3)), 1);
            passed += seam.tokens();
        }
        seam.end();

        if (seam.state() == Seam.State.CONTINUES) {
            assertThat(passed + seam.tokens() + seam.repeatedTokens()).isEqualTo(pieces);
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "'Hello '|' world'|'world'",
                "'Hello '|'world'|'world'",
                "'Hello '|'  world'|' world'",
                "'Hello'|' world'|' world'",
                "'Hello\n\n'|'\n\nworld'|'world'",
                "'Hello\n\n'|'\nworld'|'world'",
                "'Hello '|'\nworld'|'\nworld'",
                "'Hello '|'  '|' '",
                "'Hello '|''|''",
                "' \n'|' \nHello'|'Hello'",
                "'Once upon a time '|'Once more'|'Once more'",
            },
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false)
    void whiteSpaceAtTheSeamIsNotRepeated(String said, String continuation, String passed) {
        assertThat(pass(said, continuation, new Random(1)))
                .extracting(Passed::state, Passed::text)
                .containsExactly(Seam.State.CONTINUES, passed);
    }

    @ParameterizedTest
    @CsvSource({"255, UNDECIDED", "257, CONTINUES"})
    void whiteSpaceIsHeldBackUpToABound(int length, Seam.State state) {
        Seam seam = new Seam(said("Once", 1));

        seam.next(EscapedText.of(" ".repeat(length)), 1);

        assertThat(seam.state()).isEqualTo(state);
    }

    private static Stream<Arguments> repeatedWhiteSpace() {
        return Stream.of(
                arguments("Hello\n\n", List.of("\n\n", "world"), 1, 1),
                arguments("Hello\n\n", List.of("\n", "\n", "world"), 1, 2),
                arguments("Hello\n\n", List.of("\n\nworld"), 1, 0),
                arguments("Hello ", List.of(" ", " ", "world"), 2, 1),
                arguments("Hello ", List.of("world"), 1, 0),
                arguments("Hello", List.of(" ", "world"), 2, 0),
                arguments("Hello there ", List.of("Hello there", " ", "world"), 1, 2));
    }

    @ParameterizedTest
    @MethodSource("repeatedWhiteSpace")
    void piecesOfWhiteSpaceThatIsRepeatedAreFree(String said, List<String> pieces, int counted, int free) {
        Seam seam = new Seam(said(said, 2));
        int passed = 0;
        for (String piece : pieces) {
            seam.next(EscapedText.of(piece), 1);
            passed += seam.tokens();
        }
        seam.end();

        assertThat(passed + seam.tokens()).isEqualTo(counted);
        assertThat(seam.repeatedTokens()).isEqualTo(free);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tokensThatRepeatTheTextAreCounted(boolean isInOnePiece) {
        Seam seam = new Seam(said("Once upon a", 3));
        if (!isInOnePiece) {
            seam.next(EscapedText.of("Once upon a"), 3);
        }

        EscapedText text =
                isInOnePiece ? seam.next(EscapedText.of("Once upon a time"), 4) : seam.next(EscapedText.of(" time"), 1);

        assertThat(text).isEqualTo(EscapedText.of(" time"));
        assertThat(seam.tokens()).isEqualTo(1);
        assertThat(seam.repeatedTokens()).isEqualTo(3);
        assertThat(seam.isPassed()).isTrue();
    }
}
