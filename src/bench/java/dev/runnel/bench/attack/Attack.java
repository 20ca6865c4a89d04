package dev.runnel.bench.attack;

import java.util.Map;

/** Clients that attack a service until they are closed. */
interface Attack extends AutoCloseable {

    /** What the clients got, by status or another word, and how often. Called once they are closed. */
    Map<String, Integer> counts();

    @Override
    void close();
}
