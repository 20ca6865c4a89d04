package dev.runnel.message;

import org.jspecify.annotations.Nullable;

/**
 * Where a request for a generation comes from.
 *
 * @param caller the subject of the caller's key; empty where a verticle asks on its own behalf
 * @param keyId the {@code jti} of the caller's key, or empty
 * @param requestId the name of the request in the caller's logs, or empty
 * @param traceparent the W3C trace context, or {@code null}
 * @param owner issuer and subject of the caller's key, see {@link Look}. Empty where a verticle asks on its own behalf.
 *     Then only its consumer and guards may cancel the generation
 * @param share of a model's places to run that the key may use, more than 0, at most 1
 */
public record Origin(
        String caller,
        String keyId,
        String requestId,
        @Nullable String traceparent,
        String owner,
        double share) {

    /** A verticle that asks on its own behalf. */
    public static final Origin NO_KEY = new Origin("", "", "", null, "", 1);

    /**
     * The same for another caller.
     *
     * @param subject the subject of the caller's key
     * @param key the {@code jti} of the caller's key
     * @return the origin
     */
    public Origin withCaller(String subject, String key) {
        return new Origin(subject, key, requestId, traceparent, owner, share);
    }

    /**
     * The same with another name in logs and traces.
     *
     * @param id the name of the request in the caller's logs
     * @param trace the W3C trace context, or {@code null}
     * @return the origin
     */
    public Origin withRequestId(String id, @Nullable String trace) {
        return new Origin(caller, keyId, id, trace, owner, share);
    }

    /**
     * The same with another share.
     *
     * @param part of a model's places to run that the key may use, more than 0, at most 1
     * @return the origin
     */
    public Origin withShare(double part) {
        return new Origin(caller, keyId, requestId, traceparent, owner, part);
    }
}
