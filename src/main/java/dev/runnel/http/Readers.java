package dev.runnel.http;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.stream.ResumedReader;
import dev.runnel.resume.AttachException;
import dev.runnel.resume.Attachment;
import dev.runnel.resume.Guardian;
import dev.runnel.resume.KeptGeneration;
import io.vertx.core.Future;
import java.util.OptionalInt;

/** Attaches the clients of one verticle instance to resumable generations. */
final class Readers {

    private final Guardian guardian;
    private final RevokedGenerations revoked;
    private final int most;

    /** @param most readers of one generation at once */
    Readers(Guardian guardian, RevokedGenerations revoked, int most) {
        this.guardian = guardian;
        this.revoked = revoked;
        this.most = most;
    }

    /**
     * Attaches a client with a valid key.
     *
     * @param cursor how many bytes of the text it has
     * @return fails with a {@link RefusedException}, or with an {@link AttachException} if the generation is not kept
     */
    Future<ResumedReader> attach(KeptGeneration kept, String keyId, long cursor) {
        // Checked first: a refused cursor does not restart the grace time. A text of another node is not here yet.
        if (!kept.isOfOtherNode() && kept.text().escapedPosition(cursor).isEmpty()) {
            return Future.failedFuture(noSuchPlace(cursor));
        }
        return guardian.attach(kept).recover(this::explained).compose(attachment -> reader(attachment, keyId, cursor));
    }

    private Future<ResumedReader> reader(Attachment attachment, String keyId, long cursor) {
        OptionalInt place = attachment.text().escapedPosition(cursor);
        if (place.isEmpty()) {
            attachment.leave();
            return Future.failedFuture(noSuchPlace(cursor));
        }
        return Future.succeededFuture(
                new ResumedReader(attachment, revoked.endFor(attachment, keyId), place.getAsInt(), cursor));
    }

    private static RefusedException noSuchPlace(long cursor) {
        return new RefusedException(ErrorResponse.invalid(
                null, "Last-Event-ID: " + cursor + " (expected: the id of an event of this generation)"));
    }

    private Future<Attachment> explained(Throwable failure) {
        if (!(failure instanceof AttachException refusal)) {
            return Future.failedFuture(failure);
        }
        return Future.failedFuture(
                switch (refusal.reason()) {
                    case UNKNOWN -> refusal;
                    case TOO_MANY_READERS -> new RefusedException(ErrorResponse.tooManyReaders(most));
                    case SILENT -> new RefusedException(ErrorResponse.generationIsSilent());
                });
    }

    /**
     * The failure of a look-up that had no answer in time, as a client receives it. Any other failure is not changed.
     *
     * @return a failed future
     */
    static <T> Future<T> silent(Throwable failure) {
        boolean isSilent =
                failure instanceof AttachException refusal && refusal.reason() != AttachException.Reason.UNKNOWN;
        return Future.failedFuture(isSilent ? new RefusedException(ErrorResponse.generationIsSilent()) : failure);
    }
}
