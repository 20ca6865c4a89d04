package dev.runnel.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Decides whether other nodes may have gone on without this process, because it did not run. The measure is the last
 * heartbeat that it has sent: the others count from when they have received it, which is later. Any thread.
 */
public final class Fence {

    /** A consumer gives a generator up after five seconds. One second is left for what is under way. */
    private static final Duration SILENCE = Duration.ofSeconds(4);

    private final LongSupplier nanos;
    private final AtomicInteger raised = new AtomicInteger();
    private volatile boolean hasBeat;
    private volatile long beatNanos;

    Fence(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A heartbeat is sent now. Before the first one, no other node counts. */
    public void beat() {
        beatNanos = nanos.getAsLong();
        hasBeat = true;
    }

    /**
     * Ends the validity of all passes if the last heartbeat was sent too long ago. A heartbeat has to follow.
     *
     * @return how long ago; empty if that was short enough
     */
    public Optional<Duration> raise() {
        long now = nanos.getAsLong();
        Duration silence = Duration.ofNanos(now - beatNanos);
        if (!hasBeat || silence.compareTo(SILENCE) <= 0) {
            return Optional.empty();
        }
        // Before the new time: a thread that reads that time sees that the passes are not valid.
        raised.incrementAndGet();
        beatNanos = now;
        return Optional.of(silence);
    }

    /**
     * Whether the last heartbeat was sent too long ago, and this was not noticed yet.
     *
     * @return whether {@link #raise} would end the validity of passes
     */
    public boolean isLate() {
        return hasBeat && nanos.getAsLong() - beatNanos > SILENCE.toNanos();
    }

    /**
     * For what starts now.
     *
     * @return valid until this process does not run for too long
     */
    public Pass pass() {
        return new Pass(raised.get());
    }

    /** Allows sending messages to another node. */
    public final class Pass {

        private final int number;

        private Pass(int number) {
            this.number = number;
        }

        /**
         * Checks the time too: this process may have been frozen since its last turn.
         *
         * @return whether the other nodes still wait for what this process sends
         */
        public boolean isValid() {
            return !isLate() && raised.get() == number;
        }
    }
}
