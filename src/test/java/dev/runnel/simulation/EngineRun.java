package dev.runnel.simulation;

import dev.runnel.engine.Completion;
import dev.runnel.engine.GenerationHandle;
import dev.runnel.engine.Sink;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** One generation of a {@link SimulatedEngine}. */
final class EngineRun implements GenerationHandle {

    private static final String[] PIECES = {
        "a", "word ", "Once upon a time ", "\n", "\"q\"", "\\", "é", "€", "日本", "😀", "x".repeat(300), "\u2028"
    };
    private static final int MAX_PIECES = 24;
    private static final int LONGEST_GAP_MILLIS = 250;
    private static final int LONGEST_END_MILLIS = 800;
    private static final double BURSTS = 0.4;

    private final World world;
    private final SimulatedEngine.Numbered prompt;
    private final String name;
    private final Sink sink;
    private final Context context = Vertx.currentContext();
    private final Choices.Draws draws;
    private final Reference.Run run;
    private final int pieces;
    private boolean cancelled;

    EngineRun(World world, SimulatedEngine.Numbered prompt, String name, Sink sink) {
        this.world = world;
        this.prompt = prompt;
        this.name = name + " of " + prompt.number();
        this.sink = sink;
        this.draws = world.choices().at(this.name);
        this.run = world.reference().started(prompt.number(), world.clock().nanoTime());
        this.pieces = draws.between(0, MAX_PIECES);
    }

    void start() {
        world.steps().add(name, "started");
        if (!draws.fault(0.03, "is silent before its first token")) {
            after((long) draws.between(0, 2) * draws.between(0, LONGEST_GAP_MILLIS), this::step);
        }
    }

    /** Produces a piece, or several within one turn. */
    private void step() {
        boolean more = true;
        while (more && !run.hasEnded()) {
            if (run.tokens() >= Math.min(pieces, prompt.maxTokens())) {
                end(run.tokens() < pieces ? FinishReason.LENGTH : FinishReason.STOP);
                return;
            }
            produce();
            more = draws.chance(BURSTS);
        }
        if (run.hasEnded() || draws.fault(0.01, "falls silent after " + run.tokens())) {
            return;
        }
        if (draws.fault(0.015, "fails after " + run.tokens())) {
            fail();
            return;
        }
        after(draws.chance(BURSTS) ? 0 : draws.between(1, LONGEST_GAP_MILLIS), this::step);
    }

    private void produce() {
        String piece = PIECES[draws.between(0, PIECES.length - 1)];
        run.produced(piece);
        sink.piece(EscapedText.of(piece), 1);
    }

    private void after(long millis, Runnable action) {
        if (millis == 0) {
            context.runOnContext(turn -> action.run());
        } else {
            context.owner().setTimer(millis, passed -> action.run());
        }
    }

    private void end(FinishReason reason) {
        if (!run.hasEnded()) {
            run.ended(reason != FinishReason.CANCELLED, world.clock().nanoTime());
            world.steps().add(name, reason);
            sink.completed(new Completion(reason, usage()));
        }
    }

    private void fail() {
        run.ended(false, world.clock().nanoTime());
        world.steps().add(name, "failed");
        sink.failed(Failure.of(FailureCode.ENGINE_FAILED, "the simulated engine failed"), usage());
    }

    private Usage usage() {
        return new Usage(SimulatedEngine.PROMPT_TOKENS, run.tokens(), false);
    }

    /** It may produce more before its end, or never end. */
    @Override
    public void cancel() {
        if (cancelled || run.hasEnded()) {
            return;
        }
        cancelled = true;
        run.cancelled();
        world.steps().add(name, "cancelled");
        if (!draws.fault(0.03, "does not end after its cancel")) {
            long millis = draws.chance(BURSTS) ? 0 : draws.between(1, LONGEST_END_MILLIS);
            after(millis, () -> end(FinishReason.CANCELLED));
        }
    }
}
