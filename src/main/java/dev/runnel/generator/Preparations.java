package dev.runnel.generator;

import dev.runnel.client.OpenSubmits;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Lets prompts wait until their model's engine prepares them: a long prompt may need 0.2 s of the engine's one thread.
 * The prompts of a model wait in a bounded queue of all generator instances, in which keys are served in turn. Used on
 * the generator's context.
 */
final class Preparations {

    /**
     * The longest wait. A submitter waits 10 s for the generator's answer ({@code GenerationClient}). The rest is for
     * the way there and back and for the prompts that the engine has already.
     */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Context context;
    private final Duration longestWait;

    /** @param longestWait how long a prompt may wait at most */
    Preparations(Context context, Duration longestWait) {
        this.context = context;
        this.longestWait = longestWait;
    }

    /**
     * Runs {@code engine} when it is this prompt's turn.
     *
     * @param prompts the queue of the model's prompts
     * @param engine starts the preparation
     * @return the prepared prompt. Fails with the engine's own failure. Without a turn it fails with a {@link
     *     GenerationException}: no place to wait, too long a wait, or no consumer any more.
     */
    Future<PreparedPrompt> prepare(Submit submit, ModelQueue prompts, Supplier<Future<PreparedPrompt>> engine) {
        Promise<Void> turn = Promise.promise();
        var ticket = new Ticket(
                KeyShare.whole(submit.origin().keyId()),
                1,
                context,
                () -> called(submit, turn),
                seconds -> turn.tryFail(new GenerationException(Failure.displaced(seconds))));
        return prompts.enter(ticket)
                .<Future<PreparedPrompt>>map(full -> failed(full(full)))
                .orElseGet(() -> turn(prompts, ticket, turn)
                        .compose(its -> engine.get())
                        .onComplete(prepared -> prompts.leave(ticket)));
    }

    /** The ticket's turn. It is left to {@code called}, or fails at the deadline, whichever is first. */
    private Future<Void> turn(ModelQueue prompts, Ticket ticket, Promise<Void> turn) {
        if (prompts.hasPlace(ticket)) {
            return Future.succeededFuture();
        }
        long timer = context.owner()
                .setTimer(
                        longestWait.toMillis(),
                        late -> turn.tryFail(new GenerationException(late(prompts, ticket.keyId()))));
        return turn.future().onComplete(ended -> context.owner().cancelTimer(timer));
    }

    private void called(Submit submit, Promise<Void> turn) {
        if (OpenSubmits.isAbandoned(context.owner(), submit)) {
            turn.tryFail(new GenerationException(
                    Failure.of(FailureCode.CANCELLED, "the consumer left before the prompt was prepared")));
        } else {
            turn.tryComplete();
        }
    }

    private static Failure full(ModelQueue.Full full) {
        String why = full.forItsKeyAlone()
                ? "this key has as many prompts waiting to be tokenized as one key may have"
                : "too many prompts wait to be tokenized";
        int seconds = full.retryAfterSeconds();
        return Failure.full(why + "; try again in " + seconds + " s", seconds);
    }

    private static Failure late(ModelQueue prompts, String keyId) {
        int seconds = prompts.retryAfterSeconds(keyId);
        String message = "the prompt waited too long to be tokenized; try again in " + seconds + " s";
        return new Failure(FailureCode.QUEUE_TIMEOUT, message, null, seconds);
    }

    private static <T> Future<T> failed(Failure failure) {
        return Future.failedFuture(new GenerationException(failure));
    }
}
