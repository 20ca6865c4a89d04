package dev.runnel.client;

import dev.runnel.message.Cancel;
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
        return guard().ended(Objects.requireNonNull(how));
    }

    private Guard guard() {
        return Objects.requireNonNull(guard);
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
     * It has ended, and no generator is expected to send the account: it is published here, or where other nodes
     * decide. Until then an account that comes is taken.
     */
    void settleHere() {
        Guard.Setting its = guard().setting();
        PublishDecision.of(its.context().owner(), its.nodes(), new PublishDecision.Account() {

            @Override
            public boolean isOpen() {
                return !isSettled && !isCutOff;
            }

            @Override
            public void publish() {
                publishHere();
            }

            @Override
            public void leaveToOthers() {
                Settling.this.leaveToOthers();
            }
        });
    }

    /** Other nodes may have removed this one: they publish the account of what has ended. */
    void mayBeRemoved() {
        if (guard != null && guard.isElsewhere() && how != null) {
            leaveToOthers();
        }
    }

    /** It has ended. The consumer gets what is known here. Without effect if the account has come. */
    void leaveToOthers() {
        if (!isSettled) {
            cutOff();
            completeHere();
        }
    }

    private void publishHere() {
        // What its generator has is not published.
        guard().cancel(Cancel.Cause.CONTINUED);
        Ended own = own();
        listener.publish(own);
        complete(own);
        listener.settled();
    }
}
