package dev.runnel.model;

/** Receives the progress of a fetch. Called on any thread; must not block. */
public interface FetchListener {

    /**
     * Bytes of a model's file arrived.
     *
     * @param doneBytes bytes in the file so far, 0 … {@code totalBytes}
     * @param totalBytes the whole size, or 0 while it is not known
     */
    default void fetched(String model, long doneBytes, long totalBytes) {}

    /** One line for the operator: a source that failed, or what is tried next. */
    default void notice(String model, String line) {}
}
