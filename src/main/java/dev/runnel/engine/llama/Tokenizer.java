package dev.runnel.engine.llama;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The thread that makes tokens of prompts, so that a long one delays neither an event loop nor a step. */
final class Tokenizer {

    private static final int MOST_WAITING = 256;

    /**
     * Some vocabularies split words by std::regex, which recurses for each character: a prompt of 100,000 letters must not
     * end the process. Reserved only; memory is taken as far as it is used.
     */
    private static final long STACK_BYTES = 512L << 20;

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            task -> new Thread(null, task, "runnel-llama-tokenizer", STACK_BYTES));

    /** Whether the task was taken; it will run then, even after {@link #stop}. */
    boolean submit(Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Ends the thread once it has done what was submitted. */
    void stop() {
        executor.shutdown();
    }
}
