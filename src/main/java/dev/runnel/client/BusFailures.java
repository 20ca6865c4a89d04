package dev.runnel.client;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import org.jspecify.annotations.Nullable;

/** Why a message on the bus has no answer. */
public final class BusFailures {

    /** A code with which a receiver refuses. It has decided already what it is asked for. */
    public static final int DECIDED = 2;

    private BusFailures() {}

    /**
     * Whether no receiver is registered at the address, or its node is gone.
     *
     * @param failure of a message
     * @return false also without a failure
     */
    public static boolean hasNoReceiver(@Nullable Throwable failure) {
        return is(ReplyFailure.NO_HANDLERS, failure);
    }

    /**
     * Whether the receiver has not answered in time. It may be there.
     *
     * @param failure of a message
     * @return false also without a failure
     */
    public static boolean isSilence(@Nullable Throwable failure) {
        return is(ReplyFailure.TIMEOUT, failure);
    }

    /**
     * Whether the receiver has answered with a failure.
     *
     * @param failure of a message
     * @return false also without a failure
     */
    public static boolean isRefusal(@Nullable Throwable failure) {
        return is(ReplyFailure.RECIPIENT_FAILURE, failure);
    }

    /**
     * Whether the receiver has refused with {@link #DECIDED}.
     *
     * @param failure of a message
     * @return false also without a failure
     */
    public static boolean isDecided(@Nullable Throwable failure) {
        return isRefusal(failure) && failure instanceof ReplyException reply && reply.failureCode() == DECIDED;
    }

    private static boolean is(ReplyFailure type, @Nullable Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() == type;
    }
}
