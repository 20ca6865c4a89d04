package dev.runnel.http;

import dev.runnel.auth.Revocations;
import dev.runnel.client.ClientGeneration;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import io.vertx.core.Context;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cancels the running generations of a key when it is revoked. Belongs to the context of one verticle instance and
 * knows its generations only.
 */
final class RevokedGenerations {

    private final Context context;
    private final Revocations revocations;
    private final Map<String, Running> generations = new HashMap<>();
    private Runnable unsubscribe = () -> {};

    private record Running(ClientGeneration generation, String keyId) {}

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

    /** Cancels this generation if its key is revoked, now or while it runs. */
    void follow(ClientGeneration generation, String keyId) {
        String id = generation.id();
        generations.put(id, new Running(generation, keyId));
        generation.end().onComplete(end -> generations.remove(id));
        if (isRevoked(keyId)) {
            generation.cancel(refusal());
        }
    }

    /** The refusal of a revoked key. */
    static RefusedException refusal() {
        return new RefusedException(ErrorResponse.unauthenticated("The API key was revoked: ask for a new one"));
    }

    private void revoked(String keyId) {
        // A copy: a cancelled generation may leave the map before the call returns.
        for (Running running : List.copyOf(generations.values())) {
            if (running.keyId().equals(keyId)) {
                running.generation().cancel(refusal());
            }
        }
    }

    void close() {
        unsubscribe.run();
    }
}
