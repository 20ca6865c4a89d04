package dev.runnel.resume;

import dev.runnel.client.BusFailures;
import dev.runnel.message.Attached;
import io.vertx.core.Future;

/** A reader was not attached. Has no stack trace: a refusal is an answer, not a fault. */
public final class AttachException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The generation is not kept any more. */
        UNKNOWN,
        /** It has as many readers as it may have. */
        TOO_MANY_READERS,
        /** Its guardian, or the member that knows its guardian, does not answer in time. It may still be kept. */
        SILENT
    }

    private final Reason reason;
    private final boolean isGuardianGone;

    AttachException(Reason reason) {
        this(reason, false);
    }

    private AttachException(Reason reason, boolean isGuardianGone) {
        super(reason.name(), null, false, false);
        this.reason = reason;
        this.isGuardianGone = isGuardianGone;
    }

    /** The guardian has refused a reader. */
    static <T> Future<T> refused(Attached.Answer answer) {
        return Future.failedFuture(new AttachException(
                answer == Attached.Answer.TOO_MANY_READERS ? Reason.TOO_MANY_READERS : Reason.UNKNOWN));
    }

    /** The guardian did not answer, and will not. */
    static AttachException guardianGone() {
        return new AttachException(Reason.UNKNOWN, true);
    }

    /**
     * Of a message to the guardian.
     *
     * @param silence why there is no answer. If that is not the time limit, the guardian's inbox is not registered or
     *     its node is not reached
     */
    static AttachException ofSilence(Throwable silence) {
        return BusFailures.isSilence(silence) ? new AttachException(Reason.SILENT) : guardianGone();
    }

    /** Whether the guardian may have attached the reader, and its answer is late or lost. */
    static boolean isOfSilence(Throwable refusal) {
        return refusal instanceof AttachException known && (known.reason == Reason.SILENT || known.isGuardianGone);
    }

    boolean isGuardianGone() {
        return isGuardianGone;
    }

    public Reason reason() {
        return reason;
    }
}
