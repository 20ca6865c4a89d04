package dev.runnel.bench.relay;

/** One that stands between readers and the upstream. */
sealed interface Server extends AutoCloseable permits Nginx, Service {

    /** The name that tables have for it. */
    String label();

    /** A load that is driven at it. */
    Load addressed(Load load);

    /** The process that does the work. */
    ProcessHandle worker();

    @Override
    void close();
}
