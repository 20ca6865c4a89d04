package dev.runnel.simulation;

import dev.runnel.engine.Engine;
import dev.runnel.engine.GenerationHandle;
import dev.runnel.engine.ModelFacts;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Sink;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.Set;

/** An engine that the seed plays. It keeps the rules of the SPI, and may be slow, fail, hang or not end. */
final class SimulatedEngine implements Engine {

    /** Of each prompt, so that its usage is known. */
    static final int PROMPT_TOKENS = 3;

    private static final double SLOW_PROMPTS = 0.3;
    private static final double REFUSED_PROMPTS = 0.02;
    private static final double THROWING_STARTS = 0.02;
    private static final int LONGEST_PREPARATION_MILLIS = 300;

    private final World world;
    private final ModelFacts facts;
    private int runs;

    /** A prompt that names its request. */
    record Numbered(int number, int maxTokens, boolean throwsAtStart) implements PreparedPrompt {

        @Override
        public int cells() {
            return 1;
        }

        @Override
        public int promptTokens() {
            return PROMPT_TOKENS;
        }
    }

    SimulatedEngine(World world, int sequences, boolean preparesAtOnce) {
        this.world = world;
        this.facts = new ModelFacts(0, sequences, sequences, 0, preparesAtOnce, Set.of());
    }

    @Override
    public Future<ModelFacts> open() {
        return Future.succeededFuture(facts);
    }

    @Override
    public Future<PreparedPrompt> prepare(Prompt prompt) {
        int number = Integer.parseInt(prompt.turns().get(0).content().substring(1));
        Choices.Draws draws = world.choices().at("prompt " + number);
        if (draws.fault(REFUSED_PROMPTS, "is refused")) {
            return Future.failedFuture(
                    new GenerationException(Failure.of(FailureCode.MODEL_UNAVAILABLE, "the engine is gone")));
        }
        var numbered = new Numbered(number, prompt.maxTokens(), draws.fault(THROWING_STARTS, "throws at its start"));
        if (facts.preparesAtOnce() || !draws.chance(SLOW_PROMPTS)) {
            return Future.succeededFuture(numbered);
        }
        Promise<PreparedPrompt> slow = ((ContextInternal) Vertx.currentContext()).promise();
        long millis = draws.between(1, LONGEST_PREPARATION_MILLIS);
        Vertx.currentContext().owner().setTimer(millis, passed -> slow.complete(numbered));
        return slow.future();
    }

    @Override
    public GenerationHandle start(PreparedPrompt prepared, Sink sink) {
        Numbered prompt = (Numbered) prepared;
        if (prompt.throwsAtStart()) {
            throw new LinkageError("simulated");
        }
        runs++;
        EngineRun run = new EngineRun(world, prompt, "run " + runs, new PlantedSink(world, sink));
        run.start();
        return run;
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
