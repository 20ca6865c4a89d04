package dev.runnel.client;

import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The run that goes on with a generation: first it is sought, and then it is awaited until it has sent a message. It
 * waits for its turn among those of the process. Belongs to the client's context.
 */
final class Successor {

    /** So long it waits for its turn, and so long it is sought. */
    private static final long PATIENCE_MILLIS = 5_000;

    private static final long RETRY_MILLIS = 250;

    /** Messages that were under way when a node died arrive within this time. */
    private static final long REST_MILLIS = 50;

    /** Refusals after which a generator may accept soon. */
    private static final Set<FailureCode> FOR_NOW = EnumSet.of(
            FailureCode.FULL,
            FailureCode.DRAINING,
            FailureCode.MODEL_UNAVAILABLE,
            FailureCode.QUEUE_TIMEOUT,
            FailureCode.DISPLACED,
            FailureCode.LOST);

    private final Context context;
    private final OtherNodes nodes;
    private final Owner owner;

    private ContinuationTurns.@Nullable Turn turn;
    private @Nullable Run accepted;
    private long sinceNanos;
    private boolean isOver;

    /** The generation. */
    interface Owner {

        /** Asks the generators once. */
        Future<Run> find();

        /** No generator goes on. */
        void failed(Failure why);

        /** A generator has accepted, and is not needed. */
        void dropped(Run run);
    }

    Successor(Context context, OtherNodes nodes, Owner owner) {
        this.context = context;
        this.nodes = nodes;
        this.owner = owner;
    }

    /** Seeks it as soon as it is its turn. */
    void start() {
        if (isOver) {
            return;
        }
        ContinuationTurns.Turn mine = nodes.turns().enter(() -> context.runOnContext(started -> begin()));
        turn = mine;
        after(PATIENCE_MILLIS, mine::startAnyway);
    }

    /** As {@link #start}, a little later. */
    void startAfterRest() {
        after(REST_MILLIS, this::start);
    }

    private void after(long millis, Runnable action) {
        context.owner().setTimer(millis, passed -> action.run());
    }

    private void begin() {
        if (isOver) {
            return;
        }
        after(PATIENCE_MILLIS, this::leaveTurn);
        sinceNanos = nodes.nanos();
        seek();
    }

    private void seek() {
        if (!isOver) {
            owner.find().onComplete(this::found);
        }
    }

    private void found(AsyncResult<Run> run) {
        if (run.succeeded() && isOver) {
            owner.dropped(run.result());
        } else if (run.succeeded()) {
            accepted = run.result();
        } else if (!isOver) {
            refused(run.cause());
        }
    }

    private void refused(Throwable why) {
        boolean isForNow = !(why instanceof GenerationException known)
                || FOR_NOW.contains(known.failure().code());
        if (isForNow && nodes.nanos() - sinceNanos < TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
            after(RETRY_MILLIS, this::seek);
            return;
        }
        leave();
        owner.failed(
                why instanceof GenerationException known
                        ? known.failure()
                        : Failure.of(FailureCode.LOST, "no generator has answered"));
    }

    /** The run that was accepted, and has sent no message yet. */
    @Nullable
    Run accepted() {
        return accepted;
    }

    /** Whether a run of this epoch was accepted. */
    boolean hasEpoch(int epoch) {
        return accepted != null && accepted.epoch() == epoch;
    }

    /** Whether the accepted run is that of one of these generators. */
    boolean isOn(Set<String> generators) {
        return accepted != null && generators.contains(accepted.generator());
    }

    /** The accepted run has ended without a message: another one is sought. */
    void failed() {
        accepted = null;
        sinceNanos = nodes.nanos();
        seek();
    }

    /** It is not needed. */
    void drop() {
        leave();
        if (accepted != null) {
            owner.dropped(accepted);
        }
    }

    /** Ends the search. */
    void leave() {
        isOver = true;
        leaveTurn();
    }

    private void leaveTurn() {
        if (turn != null) {
            turn.leave();
        }
    }
}
