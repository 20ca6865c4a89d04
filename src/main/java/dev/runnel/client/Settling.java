package dev.runnel.client;

import dev.runnel.message.Ended;
import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The account of one generation, for its consumer. If no generator sends it, it is made here. Belongs to the client's
 * context.
 */
final class Settling {

    /** As often as this node looks which members it hears. */
    private static final long UNCERTAIN_MILLIS = 250;

    private final @Nullable Guard guard;
    private final Listener listener;
    private final Promise<Ended> account = Promise.promise();

    /** How it ended, for its consumer; {@code null} before. */
    private OwnAccount.@Nullable How how;
    /** Whether the account has come, or is not awaited. */
    private boolean isSettled;

    private boolean isCutOff;

    /** The client, which knows the generation. */
    interface Listener {

        /** No more text is expected; its {@link Ended} may still come. Called once. */
        void ended();

        /** Its account has come. */
        void settled();

        /** No generator sends its account: this one is to be published. */
        void publish(Ended ended);
    }

    /** @param guard {@code null} for a generator of this process */
    Settling(@Nullable Guard guard, Listener listener) {
        this.guard = guard;
        this.listener = listener;
    }

    Future<Ended> account() {
        return account.future();
    }

    void ended(OwnAccount.How outcome) {
        how = outcome;
    }

    /** Other nodes decide what becomes of it. No account is published here. */
    void cutOff() {
        isCutOff = true;
    }

    boolean isCutOff() {
        return isCutOff;
    }

    /** The account has come. */
    void complete(Ended end) {
        isSettled = true;
        account.tryComplete(end);
    }

    /** The consumer gets what is known here. It is not published. */
    void completeHere() {
        account.tryComplete(own());
    }

    private Ended own() {
        return Objects.requireNonNull(guard).ended(Objects.requireNonNull(how));
    }

    /** No account is expected any more. */
    void abandon(Failure why) {
        isSettled = true;
        account.tryFail(new GenerationException(why));
    }

    /** It did not come in time. Without effect if it has come. */
    void expire(Failure why) {
        if (isSettled) {
            return;
        }
        if (guard != null && guard.isElsewhere() && how != null && !isCutOff) {
            settleHere();
        } else {
            abandon(why);
        }
    }

    /**
     * The generator of one that has ended is gone, or this node is cut off. That is known when enough members were
     * heard just now, or when this part of the cluster is too small. Where other nodes decide, they publish the
     * account.
     */
    void generatorIsGone() {
        Guard.Setting its = Objects.requireNonNull(guard).setting();
        if (isSettled || isCutOff || its.nodes().isCertain()) {
            if (!isCutOff) {
                expire(GeneratorSearch.nodeIsGone());
                listener.settled();
            }
        } else if (its.nodes().isAccepting()) {
            its.context().owner().setTimer(UNCERTAIN_MILLIS, passed -> generatorIsGone());
        } else {
            cutOff();
            completeHere();
        }
    }

    /** It has ended, and no generator sends the account. */
    void settleHere() {
        if (!isSettled) {
            Ended own = own();
            listener.publish(own);
            complete(own);
            listener.settled();
        }
    }
}
