package dev.runnel.engine;

/** Hears what an engine has to tell. Called on any thread; never blocks. */
public interface EngineListener {

    /** Tells nobody. */
    EngineListener SILENT = new EngineListener() {};

    /**
     * A fetch goes on.
     *
     * @param doneBytes what is there, 0 … {@code totalBytes}
     * @param totalBytes the whole size, or 0 while it is not known
     */
    default void fetched(String model, long doneBytes, long totalBytes) {}

    /** One line for whoever operates the service: a source that failed, what is tried next. */
    default void notice(String model, String line) {}
}
