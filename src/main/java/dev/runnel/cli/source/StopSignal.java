package dev.runnel.cli.source;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The user's wish to stop one call. Any thread. */
public final class StopSignal {

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Runnable> actions = new ArrayList<>();

    /** Stops the call. A second call has no effect. */
    public void stop() {
        List<Runnable> due;
        synchronized (actions) {
            stopped.countDown();
            due = List.copyOf(actions);
            actions.clear();
        }
        due.forEach(Runnable::run);
    }

    /** Whether {@link #stop} was called. */
    public boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /** Runs the action once, on the thread that stops, or here if that has happened. */
    void onStop(Runnable action) {
        synchronized (actions) {
            if (!isStopped()) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    /** Waits. Returns early and {@code true} if the call is stopped meanwhile; an interrupt stops it too. */
    boolean isStoppedWithin(Duration time) {
        try {
            return stopped.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stop();
            return true;
        }
    }
}
