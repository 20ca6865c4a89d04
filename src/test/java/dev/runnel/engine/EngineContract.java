package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Sampling;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.Turn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds for every engine. A test class for an engine implements this and says by {@link #subject()} which; JUnit
 * runs the tests below in it.
 */
@ExtendWith(VertxExtension.class)
public interface EngineContract {

    EngineUnderTest subject();

    @Test
    default void maxTokensEndsWithLengthAndTheExactCount(Vertx vertx, @TempDir Path directory) throws Exception {
        try (var rig = new EngineRig(vertx, subject(), directory)) {
            Recording recording = rig.start(subject().prompt(7));

            Completion completion = recording.completion();
            assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(completion.usage().completionTokens()).isEqualTo(7);
            assertThat(completion.usage().promptTokens()).isPositive();
            assertThat(recording.tokens()).isEqualTo(7);
            assertThat(recording.breaches()).isEmpty();
        }
    }

    @Test
    default void demandToThinkIsRefusedIfTheModelDoesNotKnowIt(Vertx vertx, @TempDir Path directory) throws Exception {
        Prompt plain = subject().prompt(7);
        Prompt demand = new Prompt(plain.turns(), plain.sampling(), 7, false, "{\"thinking\":true}");
        try (var rig = new EngineRig(vertx, subject(), directory)) {
            assertThatThrownBy(() -> rig.prepare(demand)).isInstanceOfSatisfying(GenerationException.class, refused -> {
                assertThat(refused.failure().code()).isEqualTo(FailureCode.INVALID_REQUEST);
                assertThat(refused.failure().param()).isEqualTo("thinking");
            });
        }
    }

    @Test
    default void samePromptAndSeedGiveTheSameText(Vertx vertx, @TempDir Path directory) throws Exception {
        try (var rig = new EngineRig(vertx, subject(), directory)) {
            Recording first = ended(rig.start(subject().prompt(20)));
            Recording second = ended(rig.start(subject().prompt(20)));

            assertThat(second.text()).isEqualTo(first.text()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8})
    default void stopSequenceEndsTheTextAndIsNoPartOfIt(int length, Vertx vertx, @TempDir Path directory)
            throws Exception {
        try (var rig = new EngineRig(vertx, subject(), directory)) {
            String whole = ended(rig.start(subject().prompt(20))).text();
            String stop = middle(whole, length);

            Recording recording = rig.start(subject().prompt(20, "\u0001never", stop));

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(recording.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
            assertThat(recording.tokens())
                    .isEqualTo(recording.completion().usage().completionTokens());
            assertThat(recording.breaches()).isEmpty();
        }
    }

    /** Some code points out of the middle of a text; with a length of several they span its tokens. */
    private static String middle(String whole, int length) {
        int[] codePoints = whole.codePoints().toArray();
        int from = Math.max(0, codePoints.length / 2 - length / 2);
        return new String(codePoints, from, Math.min(length, codePoints.length - from));
    }

    @Test
    default void textHeldBackForAStopSequenceComesAtTheEnd(Vertx vertx, @TempDir Path directory) throws Exception {
        try (var rig = new EngineRig(vertx, subject(), directory)) {
            String whole = ended(rig.start(subject().prompt(20))).text();
            String half = whole.substring(whole.offsetByCodePoints(0, whole.codePointCount(0, whole.length()) / 2));

            Recording recording = rig.start(subject().prompt(20, half + "\u0001never"));

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(recording.text()).isEqualTo(whole);
        }
    }

    @Test
    default void textGoesOnAfterEachPieceAsIfItHadNotBeenCut(Vertx vertx, @TempDir Path directory) throws Exception {
        assumeTrue(subject().continues(), "the engine does not go on after a text");
        try (var rig = new EngineRig(vertx, subject(), directory)) {
            String whole = ended(rig.start(subject().prompt(20))).text();
            String half = whole.substring(whole.offsetByCodePoints(0, whole.codePointCount(0, whole.length()) / 2));

            assertGoesOn(rig, subject().prompt(20));
            assertGoesOn(rig, subject().prompt(20, "\u0001never", middle(whole, 3)));
            assertGoesOn(rig, subject().prompt(20, half + "\u0001never"));
        }
    }

    /** Cuts a text after each piece: both parts are the whole, as are their tokens, and its end and usage. */
    static void assertGoesOn(EngineRig rig, Prompt prompt) throws TimeoutException {
        Cuts undisturbed = Cuts.of(rig, prompt);
        assertThat(undisturbed.all()).isNotEmpty();
        for (TextSoFar cut : undisturbed.all()) {
            Recording rest = ended(rig.start(prompt.after(cut)));

            String where = "cut after " + cut.tokens() + " tokens, \"" + cut.text() + "\"";
            assertThat(cut.text() + rest.text()).as(where).isEqualTo(undisturbed.text());
            assertThat(rest.completion()).as(where).isEqualTo(undisturbed.completion());
            assertThat(cut.tokens() + rest.tokens())
                    .as(where)
                    .isEqualTo(undisturbed.completion().usage().completionTokens());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    default void cancelEndsItOnceWithCancelled(int cancelAt, Vertx vertx, @TempDir Path directory) throws Exception {
        try (var rig = new EngineRig(vertx, subject(), directory)) {
            Recording recording = rig.start(subject().prompt(subject().plenty()), cancelAt);

            Completion completion = recording.completion();
            assertThat(completion.finishReason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(completion.usage().completionTokens())
                    .isBetween(recording.tokens(), subject().plenty() - 1);
            nothingFollows(rig, recording);
        }
    }

    @Test
    default void cancelAfterTheEndChangesNothing(Vertx vertx, @TempDir Path directory) throws Exception {
        try (var rig = new EngineRig(vertx, subject(), directory)) {
            Recording recording = rig.start(subject().prompt(3));
            Completion completion = recording.completion();

            rig.onLoop(() -> {
                recording.cancel();
                recording.cancel();
                return Future.succeededFuture();
            });

            nothingFollows(rig, recording);
            assertThat(recording.completion()).isEqualTo(completion);
        }
    }

    /** The engine has run another generation since, and has sent nothing more to the sink. */
    private void nothingFollows(EngineRig rig, Recording recording) throws TimeoutException {
        ended(rig.start(subject().prompt(3)));
        assertThat(recording.breaches()).isEmpty();
    }

    @Test
    default void placesAreFreeAgainAfterTheEnd(Vertx vertx, @TempDir Path directory) throws Exception {
        try (var rig = new EngineRig(vertx, subject(), directory)) {
            for (int round = 0; round < 3; round++) {
                for (Recording recording :
                        rig.startAll(subject().prompt(subject().plenty()), round)) {
                    assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.CANCELLED);
                    assertThat(recording.breaches()).isEmpty();
                }
            }
            assertThat(ended(rig.start(subject().prompt(5))).tokens()).isEqualTo(5);
        }
    }

    @Test
    default void generationsAtOnceDoNotMix(Vertx vertx, @TempDir Path directory) throws Exception {
        try (var rig = new EngineRig(vertx, subject(), directory)) {
            List<Prompt> prompts = IntStream.range(0, rig.facts().sequences())
                    .mapToObj(EngineContract::numbered)
                    .toList();
            List<String> alone = new ArrayList<>();
            for (Prompt prompt : prompts) {
                alone.add(ended(rig.start(prompt)).text());
            }

            List<Recording> together = new ArrayList<>();
            for (Prompt prompt : prompts) {
                together.add(rig.start(prompt));
            }

            for (Recording recording : together) {
                assertThat(ended(recording).completion().usage().completionTokens())
                        .isEqualTo(10);
            }
            assertThat(together).extracting(Recording::text).isEqualTo(alone);
            assertThat(Set.copyOf(alone)).as("different texts").hasSizeGreaterThan(1);
        }
    }

    private static Prompt numbered(int number) {
        var sampling = new Sampling(0.0, null, null, 1L, null, null, List.of());
        return new Prompt(List.of(Turn.user(number + " stories".repeat(number + 1))), sampling, 10, false);
    }

    @Test
    default void promptThatDoesNotFitIsRefused(Vertx vertx, @TempDir Path directory) throws Exception {
        try (var rig = new EngineRig(vertx, subject(), directory)) {
            int context = rig.facts().contextTokens();
            assumeTrue(context > 0, "the engine does not know its context");
            Prompt fitting = subject().prompt(1);

            String tooLong = "long ".repeat(context);
            var prompt = new Prompt(List.of(Turn.user(tooLong)), fitting.sampling(), 1, true);

            assertRefused(rig, prompt, FailureCode.CONTEXT_EXCEEDED, "prompt");
        }
    }

    @Test
    default void maxTokensThatDoNotFitAreRefusedAndADefaultIsLowered(Vertx vertx, @TempDir Path directory)
            throws Exception {
        try (var rig = new EngineRig(vertx, subject(), directory)) {
            int context = rig.facts().contextTokens();
            assumeTrue(context > 0, "the engine does not know its context");
            Prompt asked = subject().prompt(context);

            assertRefused(rig, asked, FailureCode.INVALID_REQUEST, "maxTokens");

            var left = new Prompt(asked.turns(), asked.sampling(), context, true);
            assertThat(rig.prepare(left).cells()).isBetween(1, rig.facts().cells());
        }
    }

    private static void assertRefused(EngineRig rig, Prompt prompt, FailureCode code, String param) {
        assertThatThrownBy(() -> rig.prepare(prompt)).isInstanceOfSatisfying(GenerationException.class, refusal -> {
            assertThat(refusal.failure().code()).isEqualTo(code);
            assertThat(refusal.failure().param()).isEqualTo(param);
        });
    }

    @Test
    default void closeEndsEverythingOnce(Vertx vertx, @TempDir Path directory) throws Exception {
        try (var rig = new EngineRig(vertx, subject(), directory)) {
            List<Recording> recordings = rig.startAll(subject().prompt(subject().plenty()), Integer.MAX_VALUE);

            rig.onLoop(rig.engine()::close);
            rig.onLoop(rig.engine()::close);

            for (Recording recording : recordings) {
                recording.awaitEnd();
                assertThat(recording.breaches()).isEmpty();
            }
        }
    }

    private static Recording ended(Recording recording) throws TimeoutException {
        recording.completion();
        assertThat(recording.breaches()).isEmpty();
        return recording;
    }
}
