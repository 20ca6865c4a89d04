package dev.runnel.client;

/**
 * Counts the copies of texts that clients of this process keep, so that the generations can go on at other nodes. Any
 * thread.
 */
@FunctionalInterface
public interface CopyAccount {

    /** Counts nothing, and has room for everything. */
    CopyAccount NONE = keyId -> new Held() {

        @Override
        public boolean resize(long bytes) {
            return true;
        }

        @Override
        public void close() {
            // Nothing is counted.
        }
    };

    /** What is held for one generation. Belongs to the context of its client. */
    interface Held {

        /**
         * Changes how many bytes are held. Fewer than before are never refused.
         *
         * @param bytes 0 or more
         * @return whether there is room; else nothing is changed
         */
        boolean resize(long bytes);

        /** Gives all of it back. A second call has no effect. */
        void close();
    }

    /**
     * For one generation, with no bytes yet.
     *
     * @param keyId the {@code jti} of the key that requested it; empty without a key
     * @return what it holds
     */
    Held open(String keyId);
}
