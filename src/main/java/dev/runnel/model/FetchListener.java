package dev.runnel.model;

/** Is notified of the progress of a fetch. Called on any thread; must not block. */
public interface FetchListener {

    /**
     * Bytes of a model's file arrived.
     *
     * @param doneBytes bytes in the file so far, 0 … {@code totalBytes}
     * @param totalBytes the size of the whole file, or 0 while it is unknown
     */
    default void fetched(String model, long doneBytes, long totalBytes) {}

    /** One line for the operator: a source that failed, and the next one. */
    default void notice(String model, String line) {}
}
