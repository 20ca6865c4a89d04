package dev.runnel.cli.terminal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/** Ctrl-C as a call in place of the end of the process. */
public final class Interrupts implements AutoCloseable {

    /** The exit status of a program that Ctrl-C ended, as shells have it. */
    public static final int STATUS = 130;

    private static final String CTRL_C = "INT";
    private static final long PATIENCE_SECONDS = 5;

    private final @Nullable Object before;

    private Interrupts(@Nullable Object before) {
        this.before = before;
    }

    /**
     * Handles each signal.
     *
     * @param action runs at each signal, on a thread of its own
     */
    public static Interrupts handledBy(Runnable action) {
        return new Interrupts(Signals.register(CTRL_C, action));
    }

    /**
     * The first signal runs the action. The process is halted if it has not ended 5 s later, and at once at the second
     * signal. A model cannot be interrupted while it is loaded.
     */
    public static Interrupts endAfter(Runnable action) {
        return handledBy(new Runnable() {

            private boolean isSecond;

            @Override
            public synchronized void run() {
                if (isSecond) {
                    Runtime.getRuntime().halt(STATUS);
                }
                isSecond = true;
                CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .execute(() -> Runtime.getRuntime().halt(STATUS));
                action.run();
            }
        });
    }

    @Override
    public void close() {
        Signals.unregister(CTRL_C, before);
    }
}
