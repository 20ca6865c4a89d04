package dev.runnel.engine.llama;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The thread that tokenizes prompts, so that a long prompt delays neither an event loop nor a step. */
final class Tokenizer {

    private static final int MAX_WAITING = 256;

    /**
     * Some vocabularies split words by std::regex, which recurses for each character. A prompt of 100,000 letters must
     * not end the process. The stack is only reserved: it uses as much memory as the deepest recursion needs.
     */
    private static final long STACK_BYTES = 512L << 20;

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            task -> new Thread(null, task, "runnel-llama-tokenizer", STACK_BYTES));

    /** Whether the task was accepted. An accepted task runs, even after {@link #stop}. */
    boolean submit(Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Ends the thread after all submitted tasks have run. */
    void stop() {
        executor.shutdown();
    }
}
