package dev.runnel.auth;

import io.vertx.core.Future;

/** Supplies the keys of one issuer. Safe for use by several threads. */
interface KeySource {

    /** The keys that are valid now, never empty. */
    KeySet current();

    /**
     * Fetches newer keys for a token that fits no current one. Gives the current keys while a fetch is not allowed yet.
     */
    Future<KeySet> refreshed();

    /** Keys that never change. */
    static KeySource fixed(KeySet keys) {
        return new KeySource() {
            @Override
            public KeySet current() {
                return keys;
            }

            @Override
            public Future<KeySet> refreshed() {
                return Future.succeededFuture(keys);
            }
        };
    }
}
