package dev.runnel.resume;

/**
 * A request that brings an idempotency key.
 *
 * @param owner issuer and subject of the caller's key
 * @param key the idempotency key
 * @param fingerprint names what is requested; two requests with the same one are equal
 * @param attachesOnly whether it continues a text, and must not start a new one
 */
public record ClaimRequest(String owner, String key, String fingerprint, boolean attachesOnly) {

    /** Omits the key, which the client chose. */
    @Override
    public String toString() {
        return "ClaimRequest[" + owner + "]";
    }
}
