package dev.runnel.bench.attack;

import dev.runnel.bench.relay.Service;

/** The clients that do not attack. */
interface Others extends AutoCloseable {

    /** Uses the service for a while, so that its code is compiled. */
    void warm(Service service);

    /** Uses the service for half a minute or so. */
    Figures measure(Service service);

    @Override
    void close();
}
