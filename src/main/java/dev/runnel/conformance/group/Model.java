package dev.runnel.conformance.group;

/**
 * An entry of {@code GET /v1/models}.
 *
 * @param contextTokens 0 where the model has no limit
 */
record Model(String name, boolean isDefault, boolean available, int contextTokens, int maxTokens) {}
