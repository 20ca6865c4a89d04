package dev.runnel.http;

import dev.runnel.auth.Revocations;
import dev.runnel.client.ClientGeneration;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.message.Cancel;
import dev.runnel.message.Finished;
import dev.runnel.net.OnContext;
import dev.runnel.resume.Attachment;
import dev.runnel.text.FinishReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Ends what a key has running when it is revoked: the generations that it started, and the streams of resumable
 * generations that it reads. Belongs to the context of one verticle instance and knows what belongs to that one only.
 */
final class RevokedGenerations {

    private final Context context;
    private final Revocations revocations;
    private final Set<Running> running = new LinkedHashSet<>();
    private Runnable unsubscribe = () -> {};

    /** Compared by identity: a key may have several. */
    private static final class Running {

        private final String keyId;
        private final Runnable onRevoked;

        Running(String keyId, Runnable onRevoked) {
            this.keyId = keyId;
            this.onRevoked = onRevoked;
        }
    }

    /** @param context of the verticle instance */
    RevokedGenerations(Context context, Revocations revocations) {
        this.context = context;
        this.revocations = revocations;
    }

    /** Starts to listen; {@link #close} must follow. */
    void open() {
        unsubscribe = revocations.onRevoked(keyId -> context.runOnContext(turn -> revoked(keyId)));
    }

    /** Whether nothing may start with this key any more. */
    boolean isRevoked(String keyId) {
        return revocations.contains(keyId);
    }

    /**
     * Ends something if its key is revoked, now or while it runs.
     *
     * @param end completes when there is nothing left to end
     * @param onRevoked ends it
     */
    void follow(Future<?> end, String keyId, Runnable onRevoked) {
        assert OnContext.check(context);
        Running one = new Running(keyId, onRevoked);
        running.add(one);
        end.onComplete(ended -> running.remove(one));
        if (isRevoked(keyId)) {
            onRevoked.run();
        }
    }

    /** Ends a resumable generation if the key that started it is revoked: its streams end as after a cancel. */
    void followResumable(ClientGeneration generation) {
        follow(generation.end(), generation.keyId(), () -> generation.cancel(Cancel.Cause.DELETED));
    }

    /**
     * Ends the stream of a reader if its key is revoked.
     *
     * @return the end as this reader gets it. The generation of a revoked key is cancelled, and this reader may receive
     *     that end before it learns of the revocation.
     */
    Future<Finished> endFor(Attachment reader, String keyId) {
        follow(reader.end(), keyId, () -> reader.abort(refusal()));
        return reader.end()
                .compose(finished -> finished.finishReason() == FinishReason.CANCELLED && isRevoked(keyId)
                        ? Future.failedFuture(refusal())
                        : Future.succeededFuture(finished));
    }

    /** The refusal of a revoked key. */
    static RefusedException refusal() {
        return new RefusedException(ErrorResponse.unauthenticated("The API key was revoked: ask for a new one"));
    }

    private void revoked(String keyId) {
        // A copy: what ends may leave the set before the call returns.
        for (Running one : List.copyOf(running)) {
            if (one.keyId.equals(keyId)) {
                one.onRevoked.run();
            }
        }
    }

    void close() {
        assert OnContext.check(context);
        unsubscribe.run();
    }
}
