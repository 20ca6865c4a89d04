package dev.runnel.message;

/**
 * A key was revoked. Published to the nodes of a cluster.
 *
 * @param keyId the {@code jti} of the key
 */
public record Revoked(String keyId) {}
