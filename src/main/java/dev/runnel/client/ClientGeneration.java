package dev.runnel.client;

import dev.runnel.message.Accepted;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.Part;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.streams.ReadStream;
import java.util.function.Consumer;

/**
 * One generation, for its consumer. It belongs to the context of the {@link GenerationClient} that submitted it: every
 * method and every handler is called there.
 */
public final class ClientGeneration {

    private final Accepted accepted;
    private final DeltaStream deltas;
    private final Consumer<Cancel> cancels;
    private final Runnable onEnd;
    private final Runnable onSettled;
    private final Promise<Ended> account = Promise.promise();

    private long nextSequence;
    private boolean ended;

    /**
     * A generation that runs.
     *
     * @param cancels sends to the generator
     * @param onEnd runs once, when no more text is expected; its {@link Ended} may still come
     * @param onSettled runs after that {@link Ended} has come
     */
    ClientGeneration(
            Accepted accepted, DeltaStream deltas, Consumer<Cancel> cancels, Runnable onEnd, Runnable onSettled) {
        this.accepted = accepted;
        this.deltas = deltas;
        this.cancels = cancels;
        this.onEnd = onEnd;
        this.onSettled = onSettled;
    }

    /**
     * Its name.
     *
     * @return {@code gen_…}
     */
    public String id() {
        return accepted.generationId();
    }

    /** The address of its generator. */
    String generator() {
        return accepted.generator();
    }

    /**
     * The text. The stream flows at once, and keeps deltas until there is a handler. While it is paused or not fetched,
     * deltas are folded into one, with the last one's number. The generator never waits. The stream's {@code
     * endHandler} and {@code exceptionHandler} are called as {@link #end()} completes.
     *
     * @return the same stream each time
     */
    public ReadStream<Delta> deltas() {
        return deltas;
    }

    /**
     * Sets what receives the parts of the answer that are not text, such as calls of tools. Each comes in its place
     * among the deltas. Without it, and before it is set, parts are dropped. While the stream of deltas is paused or
     * has no handler, parts wait, and deltas are folded between them.
     *
     * @param reader is called on the client's context
     */
    public void onPart(Handler<Part> reader) {
        assert deltas.isOnLoop();
        deltas.partHandler(reader);
    }

    /**
     * The end, after the last delta and part.
     *
     * @return fails with a {@link GenerationException}: {@code CANCELLED} after {@link #cancel()}, {@code LOST} where
     *     messages were lost on the way, else the generator's failure. After {@link #cancel(RuntimeException)} it fails
     *     with that reason.
     */
    public Future<Finished> end() {
        return deltas.end();
    }

    /**
     * The account: what the generation used and how it ended. It comes after every end, also after a failure or a
     * cancel, once the engine has stopped.
     *
     * @return fails with a {@link GenerationException} where the account does not come within the client's patience:
     *     the generator has died, or a message was lost. It also fails when the client is closed. The patience is that
     *     of {@link GenerationClient#create(io.vertx.core.Vertx, java.time.Duration)}.
     */
    public Future<Ended> settled() {
        return account.future();
    }

    /** Stops the generation and ends the stream at once. Without effect after the end. */
    public void cancel() {
        cancel(Cancel.Cause.CONSUMER_GONE);
    }

    /**
     * As {@link #cancel()}, and {@link #end()} fails with the reason.
     *
     * @param reason why the consumer does not want the rest
     */
    public void cancel(RuntimeException reason) {
        assert deltas.isOnLoop();
        if (!ended) {
            cancels.accept(new Cancel(id(), Cancel.Cause.CONSUMER_GONE));
            markEnded();
        }
        deltas.abort(reason);
    }

    /**
     * Stops the generation. With {@code DELETED} the generator ends the stream, usually with finish reason {@code
     * CANCELLED}. With {@code CONSUMER_GONE} see {@link #cancel()}. Without effect after the end.
     *
     * @param cause why
     */
    public void cancel(Cancel.Cause cause) {
        assert deltas.isOnLoop();
        if (cause == Cancel.Cause.CONSUMER_GONE) {
            cancel(new GenerationException(
                    Failure.of(FailureCode.CANCELLED, "the generation was cancelled by its consumer")));
        } else if (!ended) {
            cancels.accept(new Cancel(id(), cause));
        }
    }

    /**
     * Processes the next message. After the end only the account is expected. The first check is that of a delta:
     * nearly every message is one, and C1 is slow at a check of a sealed type.
     */
    void receive(InboxMessage message) {
        assert deltas.isOnLoop();
        if (message instanceof Delta delta) {
            if (isNext(delta.sequence())) {
                deltas.offer(delta);
            }
        } else if (message instanceof Part part) {
            if (isNext(part.sequence())) {
                deltas.offer(part);
            }
        } else if (message instanceof Finished finished) {
            if (isNext(finished.sequence())) {
                end(Future.succeededFuture(finished));
            }
        } else if (message instanceof Failed failed) {
            if (isNext(failed.sequence())) {
                end(Future.failedFuture(new GenerationException(failed.failure())));
            }
        } else if (message instanceof Ended end) {
            settle(end);
        }
    }

    /** Whether it is the message that is expected. A gap ends the generation; a repeated message is dropped. */
    private boolean isNext(long sequence) {
        if (ended || sequence < nextSequence) {
            return false;
        }
        if (sequence > nextSequence) {
            cancels.accept(new Cancel(id(), Cancel.Cause.CONSUMER_GONE));
            end(partIsLost());
            return false;
        }
        nextSequence++;
        return true;
    }

    private void settle(Ended end) {
        try {
            account.tryComplete(end);
            if (!ended) {
                end(partIsLost());
            }
        } finally {
            onSettled.run();
        }
    }

    /** No account is expected any more. */
    void abandonAccount(Failure why) {
        assert deltas.isOnLoop();
        account.tryFail(new GenerationException(why));
    }

    /** Its generator's node is gone: no message of it comes any more, and no account. */
    void lost() {
        if (!ended) {
            // The node may be there, and only be silent to this one.
            cancels.accept(new Cancel(id(), Cancel.Cause.CONSUMER_GONE));
            end(Future.failedFuture(new GenerationException(nodeIsGone())));
        }
        abandonAccount(nodeIsGone());
        onSettled.run();
    }

    /** Why a generation has no end. */
    static Failure nodeIsGone() {
        return Failure.of(FailureCode.LOST, "the node that generated the text is gone; try again");
    }

    private static Future<Finished> partIsLost() {
        return Future.failedFuture(new GenerationException(
                Failure.of(FailureCode.LOST, "a part of the generation was lost between two nodes; try again")));
    }

    private void end(Future<Finished> outcome) {
        markEnded();
        deltas.end(outcome);
    }

    private void markEnded() {
        ended = true;
        onEnd.run();
    }
}
