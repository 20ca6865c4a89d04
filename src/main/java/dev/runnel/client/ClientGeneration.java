package dev.runnel.client;

import dev.runnel.message.Cancel;
import dev.runnel.message.Continuation;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.Part;
import dev.runnel.message.SentText;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.TokenIds;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.streams.ReadStream;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One generation, for its consumer. It belongs to the context of the {@link GenerationClient} that submitted it: every
 * method and every handler is called there.
 */
public final class ClientGeneration {

    private final String id;
    private final DeltaStream deltas;
    private final Consumer<Cancel> cancels;
    /** Keeps what is needed to go on elsewhere; {@code null} for a generator of this process. */
    private final @Nullable Guard guard;

    private final Settling.Listener listener;
    private final Settling settling;

    private long nextSequence;
    private boolean ended;

    /** Why its generator was asked to end it. */
    private Cancel.@Nullable Cause cancelled;

    private Runnable onMove = () -> {};

    /**
     * A generation that runs.
     *
     * @param cancels sends to the generator, without a guard
     */
    ClientGeneration(
            String id,
            DeltaStream deltas,
            Consumer<Cancel> cancels,
            @Nullable Guard guard,
            Settling.Listener listener) {
        this.id = id;
        this.deltas = deltas;
        this.cancels = cancels;
        this.guard = guard;
        this.listener = listener;
        this.settling = new Settling(guard, listener);
        if (guard != null) {
            guard.watch(new Guarded() {

                @Override
                public long nextSequence() {
                    return nextSequence;
                }

                @Override
                public void cancel(Cancel.Cause cause) {
                    ClientGeneration.this.cancel(cause);
                }

                @Override
                public void moved() {
                    onMove.run();
                }

                @Override
                public void givenUp(Failure why) {
                    giveUp(why);
                }
            });
        }
    }

    /**
     * Its name.
     *
     * @return {@code gen_…}
     */
    public String id() {
        return id;
    }

    /**
     * The generator that runs it, if that is on another node.
     *
     * @return its address; empty in this process
     */
    public String generator() {
        return guard == null || generatorNode().isEmpty() ? "" : guard.run().generator();
    }

    /**
     * The node of {@link #generator()}.
     *
     * @return its name; empty for this process
     */
    public String generatorNode() {
        return guard == null ? "" : guard.run().node();
    }

    /**
     * The key that requested it, where another node may run it.
     *
     * @return its {@code jti}; empty if the generator is of this process from the start, or without a key
     */
    public String keyId() {
        return guard == null ? "" : guard.keyId();
    }

    /**
     * Sets what runs each time when another generator goes on with it.
     *
     * @param action is called on the client's context
     */
    public void onMove(Runnable action) {
        assert deltas.isOnLoop();
        onMove = action;
    }

    /** It was taken over: its text so far comes first. Called once, before everything else. */
    void resume(Continuation from) {
        nextSequence = from.sequence();
        EscapedText text = EscapedText.of(from.textSoFar().text());
        if (!text.isEmpty()) {
            int tokens = from.textSoFar().tokens();
            deltas.offer(new Delta(id, from.sequence() - 1, text, tokens, from.epoch(), TokenIds.NONE));
        }
    }

    /**
     * Its text is not needed any more: a generator that keeps it too may drop it. After the end.
     */
    public void forget() {
        assert deltas.isOnLoop();
        if (ended && guard != null) {
            send(Cancel.Cause.CONSUMER_GONE);
        }
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
        return settling.account();
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
            boolean isAnswered = send(Cancel.Cause.CONSUMER_GONE);
            markEnded(new OwnAccount.How(Ended.Outcome.CANCELLED));
            if (!isAnswered) {
                settling.settleHere();
            }
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
        } else if (!ended && send(cause)) {
            cancelled = cause;
        } else if (!ended) {
            endHere(cause);
        }
    }

    /**
     * Ends the stream after the text that has come: the consumer's process stops, or is cut off from the cluster
     * ({@code CLUSTER}). Then other nodes decide about the generation, and its account is not published here. Without
     * effect if the generation runs in this process: then its generator ends it.
     *
     * @param why how {@link #end()} fails
     * @param runsOn whether the generator goes on, for consumers on other nodes
     * @return whether it had no end before, and has this one
     */
    public boolean cut(Failure why, boolean runsOn) {
        assert deltas.isOnLoop();
        if (ended || guard == null || !guard.isElsewhere()) {
            return false;
        }
        if (why.code() == FailureCode.CLUSTER) {
            endCutOff(why);
            return runsOn || send(Cancel.Cause.CONSUMER_GONE);
        }
        boolean isAnswered = (runsOn && !guard.isSeeking()) || send(Cancel.Cause.CONSUMER_GONE);
        try {
            end(Future.failedFuture(new GenerationException(why)));
        } finally {
            if (!isAnswered) {
                settling.settleHere();
            }
        }
        return true;
    }

    /** Other nodes decide what becomes of it. */
    private void endCutOff(Failure why) {
        settling.cutOff();
        try {
            end(Future.failedFuture(new GenerationException(why)));
        } finally {
            settling.completeHere();
        }
    }

    /**
     * A node is heard again.
     *
     * @return what its generator is to know: the consumer has left. Empty if it knows that, or runs on
     */
    Optional<Cancel> heardAgain(String node) {
        boolean isLeft = settling.isCutOff() && guard != null && guard.runsOn(node) && !guard.isResumable();
        if (!isLeft) {
            return Optional.empty();
        }
        listener.settled();
        return Optional.of(new Cancel(id, Cancel.Cause.CONSUMER_GONE, "", epoch()));
    }

    /** Ends it here if its generator was asked to, and does not: no other one goes on with it. */
    private boolean endsAsCancelled() {
        Cancel.Cause cause = cancelled;
        if (cause == null) {
            return false;
        }
        endHere(cause);
        return true;
    }

    /** Returns whether a generator answers. */
    private boolean send(Cancel.Cause cause) {
        if (guard != null) {
            return guard.cancel(cause);
        }
        cancels.accept(new Cancel(id, cause));
        return true;
    }

    /** No generator runs it: it is cancelled by name while another one is sought. */
    private void endHere(Cancel.Cause cause) {
        Guard its = Objects.requireNonNull(guard);
        boolean isFiltered = cause == Cancel.Cause.FILTERED;
        FinishReason reason = isFiltered ? FinishReason.CONTENT_FILTER : FinishReason.CANCELLED;
        try {
            end(Future.succeededFuture(new Finished(id, nextSequence, reason, its.usage(), its.epoch())));
        } finally {
            settling.settleHere();
        }
    }

    /**
     * Processes the next message. After the end only the account is expected. The first check is that of a delta:
     * nearly every message is one, and C1 is slow at a check of a sealed type.
     */
    void receive(InboxMessage message) {
        assert deltas.isOnLoop();
        if (guard != null && !guard.isCurrent(message) && (ended || !guard.accepts(message))) {
            return;
        }
        if (message instanceof Delta delta) {
            if (isNext(delta.sequence())) {
                if (guard != null) {
                    guard.append(delta);
                }
                deltas.offer(delta);
            }
        } else if (message instanceof Part part && isNext(part.sequence())) {
            if (guard != null) {
                guard.appendPart();
            }
            deltas.offer(part);
        } else if (message instanceof Finished finished && isNext(finished.sequence())) {
            end(Future.succeededFuture(finished));
        } else if (message instanceof Failed failed) {
            receive(failed);
        } else if (message instanceof Ended end) {
            settle(end);
        }
    }

    /** A run has sent so much. If less has come by now, it is as after a later message: there is a gap. */
    void compare(SentText sent) {
        if (sent.next() > nextSequence) {
            receive(new Delta(id, sent.next(), EscapedText.EMPTY, 0, (int) sent.run(), TokenIds.NONE));
        }
    }

    private void receive(Failed failed) {
        if (!ended && guard != null && guard.isHandedOver(failed)) {
            if (!endsAsCancelled() && !guard.goOn(failed.failure())) {
                giveUp(failed.failure());
            }
            return;
        }
        boolean isLost = failed.failure().mayGoOnElsewhere();
        if (isLost && !ended && guard != null && (endsAsCancelled() || guard.goOn())) {
            return;
        }
        if (isNext(failed.sequence())) {
            end(Future.failedFuture(new GenerationException(failed.failure())));
        }
    }

    /**
     * Whether it is the message that is expected. After a gap the generation goes on elsewhere, or ends; a repeated
     * message is dropped.
     */
    private boolean isNext(long sequence) {
        if (ended || sequence < nextSequence) {
            return false;
        }
        if (sequence > nextSequence) {
            if (guard == null || (!endsAsCancelled() && !guard.goOn())) {
                send(Cancel.Cause.CONSUMER_GONE);
                end(ClientFailures.partIsLost());
            }
            return false;
        }
        nextSequence++;
        return true;
    }

    /** Without the end before it, the end was lost. */
    private void settle(Ended end) {
        if (!ended && guard != null && (endsAsCancelled() || guard.goOn())) {
            return;
        }
        try {
            settling.complete(end);
            if (!ended) {
                end(ClientFailures.partIsLost());
            }
        } finally {
            listener.settled();
        }
    }

    /** The epoch of the run that is the current one. */
    int epoch() {
        return guard == null ? 0 : guard.epoch();
    }

    /** Its account. */
    Settling settling() {
        return settling;
    }

    /** Generators are gone, with their nodes. */
    void gone(Set<String> generators) {
        if (guard == null || !guard.gone(generators)) {
            return;
        }
        if (ended) {
            settling.settleHere();
        } else if (!endsAsCancelled() && !guard.goOn()) {
            giveUp(GeneratorSearch.nodeIsGone());
        }
    }

    /** This process did not run for so long that the generators of that node have given it up. */
    void unheard(String node) {
        if (!ended && guard != null && guard.runsOn(node) && !endsAsCancelled() && !guard.goOnAfterRest()) {
            giveUp(GeneratorSearch.nodeIsGone());
        }
    }

    private void giveUp(Failure why) {
        if (!ended && why.code() == FailureCode.CLUSTER) {
            endCutOff(why);
        } else if (!ended) {
            try {
                end(Future.failedFuture(new GenerationException(why)));
            } finally {
                settling.settleHere();
            }
        }
    }

    /** Its generator has accepted, and its node is gone since. The request goes to another one. */
    void discard() {
        send(Cancel.Cause.CONTINUED);
        end(Future.failedFuture(new GenerationException(GeneratorSearch.nodeIsGone())));
        settling.abandon(GeneratorSearch.nodeIsGone());
        listener.settled();
    }

    private void end(Future<Finished> outcome) {
        markEnded(OwnAccount.How.of(outcome));
        deltas.end(outcome);
    }

    private void markEnded(OwnAccount.How how) {
        ended = true;
        settling.ended(how);
        if (guard != null) {
            guard.release();
        }
        listener.ended();
    }
}
