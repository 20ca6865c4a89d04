package dev.runnel.simulation;

import dev.runnel.engine.Completion;
import dev.runnel.engine.Engine;
import dev.runnel.engine.GenerationHandle;
import dev.runnel.engine.ModelFacts;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Sink;
import dev.runnel.text.EscapedText;
import dev.runnel.text.FinishReason;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.Usage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Set;

/**
 * The engine of one node. It goes on after any text, with another text than that of an undisturbed run: a reader that
 * gets both can be seen. It has no faults of its own.
 */
final class ContinuingEngine implements Engine {

    private static final String[] PIECES = {
        "a", "word ", "Once upon a time ", "\n", "\"q\"", "\\", "é", "€", "日本", "😀", "x".repeat(300), "\u2028"
    };
    private static final int LONGEST_GAP_MILLIS = 400;
    private static final double BURSTS = 0.3;
    private static final double WHOLE_TEXTS = 0.7;

    private final World world;
    private final String node;
    private final ModelFacts facts;
    private int runs;

    /** A prompt that names its request. */
    private record Numbered(int number, int maxTokens, TextSoFar textSoFar) implements PreparedPrompt {

        @Override
        public int cells() {
            return 1;
        }

        @Override
        public int promptTokens() {
            return SimulatedEngine.PROMPT_TOKENS;
        }
    }

    ContinuingEngine(World world, String node, int sequences) {
        this.world = world;
        this.node = node;
        this.facts = new ModelFacts(0, sequences, sequences, 0, true, Set.of());
    }

    @Override
    public Future<ModelFacts> open() {
        return Future.succeededFuture(facts);
    }

    @Override
    public Future<PreparedPrompt> prepare(Prompt prompt) {
        int number = Integer.parseInt(prompt.turns().get(0).content().substring(1));
        return Future.succeededFuture(new Numbered(number, prompt.maxTokens(), prompt.textSoFar()));
    }

    @Override
    public GenerationHandle start(PreparedPrompt prepared, Sink sink) {
        runs++;
        var run = new Started((Numbered) prepared, sink, runs);
        run.next();
        return run::cancel;
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    /** One run. */
    private final class Started {

        private final Context context = Vertx.currentContext();
        private final Numbered prompt;
        private final Sink sink;
        private final Choices.Draws draws;
        private final Reference.Run run;
        private final boolean isWhole;
        private boolean isCancelled;

        Started(Numbered prompt, Sink sink, int count) {
            this.prompt = prompt;
            this.sink = sink;
            String name = "run " + count + " of " + prompt.number();
            this.draws = world.choices().at(name);
            this.isWhole = draws.chance(WHOLE_TEXTS);
            String before = prompt.textSoFar().text();
            boolean isKnown = world.reference().isProduced(prompt.number(), prompt.textSoFar());
            world.rules()
                    .check(
                            isKnown,
                            () -> "%s goes on after %d tokens with a text that no engine has produced with them"
                                    .formatted(node, prompt.textSoFar().tokens()));
            this.run = world.reference()
                    .started(node, prompt.number(), world.clock().nanoTime(), prompt.textSoFar());
            world.steps().add(node, name + " starts after " + before.length() + " characters");
        }

        private void next() {
            if (draws.chance(BURSTS)) {
                context.runOnContext(turn -> step());
            } else {
                context.owner().setTimer(draws.between(1, LONGEST_GAP_MILLIS), passed -> step());
            }
        }

        private void step() {
            if (run.hasEnded()) {
                return;
            }
            int left = prompt.maxTokens() - run.tokens();
            boolean stops = !isWhole && draws.chance(0.05);
            if (left <= 0 || stops) {
                end(left <= 0 ? FinishReason.LENGTH : FinishReason.STOP);
                return;
            }
            String piece = PIECES[draws.between(0, PIECES.length - 1)];
            run.produced(piece);
            sink.piece(EscapedText.of(piece), 1);
            next();
        }

        private void end(FinishReason reason) {
            if (!run.hasEnded()) {
                run.ended(reason != FinishReason.CANCELLED, world.clock().nanoTime());
                world.steps().add(node, "run of " + prompt.number() + " ends: " + reason);
                var usage = new Usage(SimulatedEngine.PROMPT_TOKENS, run.tokens(), false);
                sink.completed(new Completion(reason, usage));
            }
        }

        private void cancel() {
            if (!isCancelled && !run.hasEnded()) {
                isCancelled = true;
                run.cancelled();
                context.runOnContext(turn -> end(FinishReason.CANCELLED));
            }
        }
    }
}
