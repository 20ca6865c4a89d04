package dev.runnel.client;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Lets few continuations of a process start at once. When a node dies, all of its generations go on elsewhere, and each
 * computes its text again. Any thread.
 */
final class ContinuationTurns {

    private final int most;
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private int started;

    /** @param most how many may have started and not left */
    ContinuationTurns(int most) {
        this.most = most;
    }

    /** The turn of one continuation. */
    final class Turn {

        private final Runnable start;
        private boolean isStarted;
        private boolean hasLeft;

        private Turn(Runnable start) {
            this.start = start;
        }

        /** It has waited long enough, and starts in any case. Without effect if it has started or left. */
        void startAnyway() {
            synchronized (ContinuationTurns.this) {
                if (isStarted || hasLeft) {
                    return;
                }
                waiting.remove(this);
                begin();
            }
            start.run();
        }

        private void begin() {
            isStarted = true;
            started++;
        }

        /** Releases the turn. A second call has no effect. */
        void leave() {
            Turn next = null;
            synchronized (ContinuationTurns.this) {
                if (hasLeft) {
                    return;
                }
                hasLeft = true;
                waiting.remove(this);
                if (isStarted) {
                    started--;
                    next = nextTurn();
                }
            }
            if (next != null) {
                next.start.run();
            }
        }
    }

    /**
     * Asks for a turn.
     *
     * @param start runs once, perhaps within this call, on any thread
     */
    Turn enter(Runnable start) {
        Turn turn = new Turn(start);
        synchronized (this) {
            if (started >= most) {
                waiting.add(turn);
                return turn;
            }
            turn.begin();
        }
        start.run();
        return turn;
    }

    private @Nullable Turn nextTurn() {
        Turn next = started < most ? waiting.poll() : null;
        if (next != null) {
            next.begin();
        }
        return next;
    }
}
