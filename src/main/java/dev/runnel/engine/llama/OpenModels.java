package dev.runnel.engine.llama;

import org.jspecify.annotations.Nullable;

/** Counts the open models of a process: the {@link SharedThreads} run from the first open to the last close. */
final class OpenModels {

    private int models;
    private @Nullable SharedThreads threads;

    /** Adds a model. Each call needs one {@link #release}. */
    synchronized SharedThreads acquire() {
        SharedThreads present = threads;
        if (present == null) {
            present = SharedThreads.start();
            threads = present;
        }
        models++;
        return present;
    }

    /** Removes a model. After the last one the threads end. */
    synchronized void release() {
        models--;
        SharedThreads present = threads;
        if (models == 0 && present != null) {
            present.stop();
            threads = null;
        }
    }
}
