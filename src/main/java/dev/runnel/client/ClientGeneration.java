package dev.runnel.client;

import dev.runnel.message.Accepted;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.InboxMessage;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.streams.ReadStream;

/**
 * One generation as its consumer sees it. Belongs to the context of the {@link GenerationClient} that submitted it: every
 * method is called there, and every handler is.
 */
public final class ClientGeneration {

    private final GenerationClient client;
    private final Accepted accepted;
    private final DeltaStream deltas;

    private long nextSequence;
    private boolean ended;

    ClientGeneration(GenerationClient client, Accepted accepted, DeltaStream deltas) {
        this.client = client;
        this.accepted = accepted;
        this.deltas = deltas;
    }

    /** {@code gen_…}. */
    public String id() {
        return accepted.generationId();
    }

    /**
     * The text. Flows at once, and keeps what comes before there is a handler; while it is paused or not fetched, deltas are
     * folded into one, under the last one's number. The generator never waits. The stream's {@code endHandler} and {@code
     * exceptionHandler} are told the same as {@link #end()}.
     */
    public ReadStream<Delta> deltas() {
        return deltas;
    }

    /**
     * The end, behind the last delta.
     *
     * @return fails with a {@link GenerationException}: of {@code CANCELLED} after {@link #cancel()}, of {@code LOST} where
     *     messages were lost on the way, else of what the generator says; or with what {@link #cancel(RuntimeException)} was
     *     given
     */
    public Future<Finished> end() {
        return deltas.end();
    }

    /** Nobody wants the rest: stops the generation and ends the stream at once. Without effect after the end. */
    public void cancel() {
        cancel(Cancel.Cause.CONSUMER_GONE);
    }

    /** As {@link #cancel()}, and {@link #end()} fails with the reason. */
    public void cancel(RuntimeException reason) {
        if (!ended) {
            client.send(accepted.generator(), new Cancel(id(), Cancel.Cause.CONSUMER_GONE));
        }
        abort(reason);
    }

    /**
     * Stops the generation. With {@code DELETED} the stream ends as the generator says, usually with finish reason {@code
     * CANCELLED}; with {@code CONSUMER_GONE} see {@link #cancel()}. Without effect after the end.
     */
    public void cancel(Cancel.Cause cause) {
        if (cause == Cancel.Cause.CONSUMER_GONE) {
            cancel(new GenerationException(
                    Failure.of(FailureCode.CANCELLED, "the generation was cancelled by its consumer")));
        } else if (!ended) {
            client.send(accepted.generator(), new Cancel(id(), cause));
        }
    }

    /** Takes the next message; none behind the end. */
    void receive(InboxMessage message) {
        if (ended) {
            return;
        }
        if (message.sequence() > nextSequence) {
            client.send(accepted.generator(), new Cancel(id(), Cancel.Cause.CONSUMER_GONE));
            end(Future.failedFuture(new GenerationException(lost())));
        } else if (message.sequence() == nextSequence) {
            nextSequence++;
            accept(message);
        }
    }

    private static Failure lost() {
        return Failure.of(FailureCode.LOST, "a part of the generation was lost between two nodes; try again");
    }

    private void accept(InboxMessage message) {
        if (message instanceof Delta delta) {
            deltas.offer(delta);
        } else if (message instanceof Finished finished) {
            end(Future.succeededFuture(finished));
        } else if (message instanceof Failed failed) {
            end(Future.failedFuture(new GenerationException(failed.failure())));
        }
    }

    private void end(Future<Finished> how) {
        ended = true;
        client.forget(id());
        deltas.end(how);
    }

    private void abort(RuntimeException reason) {
        ended = true;
        client.forget(id());
        deltas.abort(reason);
    }
}
