package dev.runnel.client;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import org.jspecify.annotations.Nullable;

/** Why a message on the bus has no answer. */
public final class BusFailures {

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

    private static boolean is(ReplyFailure type, @Nullable Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() == type;
    }
}
