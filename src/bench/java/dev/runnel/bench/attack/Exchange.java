package dev.runnel.bench.attack;

/** What one connection of an attacker does again and again. For one thread, but for {@link #close}. */
interface Exchange extends AutoCloseable {

    /** Does it once, and returns the status of the answer or another word. */
    String once();

    /** Closes the connection, so that {@link #once} ends soon. Any thread. */
    @Override
    void close();
}
