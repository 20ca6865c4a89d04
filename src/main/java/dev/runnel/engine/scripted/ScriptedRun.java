package dev.runnel.engine.scripted;

import dev.runnel.engine.Completion;
import dev.runnel.engine.GenerationHandle;
import dev.runnel.engine.Sink;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Consumer;

/** One generation, on the context that started it. */
final class ScriptedRun implements GenerationHandle {

    private static final long NO_TIMER = -1;

    private final Script script;
    private final ScriptedPrompt prompt;
    private final Sink sink;
    private final Context context;
    private final Consumer<ScriptedRun> onEnd;
    private final StopMatcher text;

    private int tokens;
    /** Characters of the next text that were sent already, before it went on here. */
    private int repeated;

    private long timer = NO_TIMER;
    private boolean stalled;
    private boolean ended;

    ScriptedRun(Script script, ScriptedPrompt prompt, Sink sink, Context context, Consumer<ScriptedRun> onEnd) {
        this.script = script;
        this.prompt = prompt;
        this.sink = sink;
        this.context = context;
        this.onEnd = onEnd;
        this.text = new StopMatcher(prompt.stop());
        this.tokens = prompt.piecesSoFar().count();
        this.repeated = prompt.piecesSoFar().more();
    }

    void start() {
        if (script.firstToken().isZero()) {
            context.runOnContext(now -> first());
        } else {
            timer = vertx().setTimer(script.firstToken().toMillis(), now -> first());
        }
    }

    @Override
    public void cancel() {
        context.runOnContext(now -> complete(FinishReason.CANCELLED));
    }

    /** Ends it because the engine closes; completes when the sink got the failure. */
    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(now -> {
            fail(Failure.of(FailureCode.DRAINING, "the service is stopping; try again soon"));
            done.complete();
        });
        return done.future();
    }

    private void first() {
        if (script.interval().isZero()) {
            stepInEachTurn();
        } else if (!ended) {
            timer = vertx().setPeriodic(script.interval().toMillis(), now -> step());
            step();
        }
    }

    private void stepInEachTurn() {
        step();
        if (!ended && !stalled) {
            context.runOnContext(next -> stepInEachTurn());
        }
    }

    private void step() {
        if (ended) {
            return;
        }
        if (tokens >= prompt.maxTokens()) {
            complete(FinishReason.LENGTH);
        } else if (tokens == script.failAfter()) {
            fail(Failure.of(script.failure(), "the script of this model fails here"));
        } else if (tokens == script.stallAfter()) {
            stall();
        } else if (isComplete()) {
            complete(FinishReason.STOP);
        } else {
            emit(prompt.pieces().get(tokens % prompt.pieces().size()));
        }
    }

    private void emit(String piece) {
        tokens++;
        int counted = tokens > prompt.piecesSoFar().sent() ? 1 : 0;
        sink.piece(EscapedText.of(unsent(text.add(piece))), counted);
        if (text.isStopped() || (tokens < prompt.maxTokens() && isComplete())) {
            complete(FinishReason.STOP);
        } else if (tokens == prompt.maxTokens()) {
            complete(FinishReason.LENGTH);
        }
    }

    private String unsent(String released) {
        int skipped = Math.min(repeated, released.length());
        repeated -= skipped;
        return released.substring(skipped);
    }

    private boolean isComplete() {
        int all = prompt.pieces().size();
        boolean somethingIsLeft = tokens == script.failAfter() || tokens == script.stallAfter() || script.repeat();
        return all == 0 || (tokens >= all && !somethingIsLeft);
    }

    private void stall() {
        stalled = true;
        stopTimer();
    }

    private void complete(FinishReason reason) {
        if (!ended) {
            end();
            String rest = unsent(text.rest());
            if (!rest.isEmpty() && reason != FinishReason.CANCELLED) {
                sink.piece(EscapedText.of(rest), 0);
            }
            sink.completed(new Completion(reason, new Usage(prompt.promptTokens(), tokens, false)));
        }
    }

    private void fail(Failure failure) {
        if (!ended) {
            end();
            sink.failed(failure);
        }
    }

    private void end() {
        ended = true;
        stopTimer();
        onEnd.accept(this);
    }

    private void stopTimer() {
        if (timer != NO_TIMER) {
            vertx().cancelTimer(timer);
            timer = NO_TIMER;
        }
    }

    private Vertx vertx() {
        return context.owner();
    }
}
