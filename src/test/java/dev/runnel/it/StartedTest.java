package dev.runnel.it;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DynamicTest;

/** A test whose action runs on a thread of its own, beside other tests. */
final class StartedTest {

    private StartedTest() {}

    /** Starts the action, at the latest when the threads have ended those before it. The test waits for its end. */
    static DynamicTest of(ExecutorService threads, String name, Callable<?> action) {
        Future<?> run = threads.submit(action);
        return DynamicTest.dynamicTest(name, () -> join(run));
    }

    private static void join(Future<?> run) throws Throwable {
        try {
            run.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
