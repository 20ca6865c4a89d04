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
        return guardian.attach(kept).recover(this::tooMany).map(attachment -> reader(attachment, keyId, cursor));
    }

    private Future<Attachment> tooMany(Throwable failure) {
        boolean tooMany = failure instanceof AttachException refusal
                && refusal.reason() == AttachException.Reason.TOO_MANY_READERS;
        return Future.failedFuture(tooMany ? new RefusedException(ErrorResponse.tooManyReaders(most)) : failure);
    }

    private ResumedReader reader(Attachment attachment, String keyId, long cursor) {
        OptionalInt place = attachment.generation().text().escapedPosition(cursor);
        if (place.isEmpty()) {
            attachment.leave();
            throw new RefusedException(ErrorResponse.invalid(
                    null, "Last-Event-ID: " + cursor + " (expected: the id of an event of this generation)"));
        }
        return new ResumedReader(attachment, revoked.endFor(attachment, keyId), place.getAsInt(), cursor);
    }
}
