package dev.runnel.auth;

import io.vertx.core.Future;

/** Where the keys of one issuer come from. Safe for use by several threads. */
interface KeySource {

    /** The keys that count now, never empty. */
    KeySet current();

    /** Looks for newer keys because of a token that none of the current ones fits; the current ones if it may not look. */
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
