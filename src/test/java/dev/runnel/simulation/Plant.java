package dev.runnel.simulation;

import org.jspecify.annotations.Nullable;

/** A bug that is planted at the edges of the real rooms, so that a test can see the rules find it. */
final class Plant {

    static final Plant NONE = new Plant(Bug.NONE);

    /** Which number of its kind is affected, so that the bug shows only in some seeds. */
    private static final int EVERY = 11;

    private static final long SHORTEST_LOST_TIMER_MILLIS = 700;

    private final Bug bug;
    private int count;

    /** What goes wrong. */
    enum Bug {
        NONE,
        /** A task that one event loop gives to another is lost. */
        LOST_WAKE_UP,
        /** A long timer does not fire. */
        FORGOTTEN_TIMER,
        /** A socket has room again, and no one writes. */
        LOST_ROOM,
        /** A piece of text does not reach the stream. */
        LOST_DELTA,
        /** A piece of text reaches the stream twice. */
        REPEATED_DELTA,
        /** A code point is cut in two. */
        SPLIT_CODE_POINT,
        /** The account of a generation is published twice. */
        ENDED_TWICE,
        /** The account of a generation is not published. */
        NEVER_ENDED,
        /** The cancel of a client that has left is lost. */
        LOST_CANCEL,
        /** A permit is given back twice. */
        SETTLED_TWICE,
        /** The permit of a refused request is not given back. */
        PERMIT_KEPT,
        /** A generation is charged with the reservation in place of its usage. */
        WRONG_CHARGE,
        /** A running generation goes on after its key was revoked. */
        IGNORED_REVOCATION,
        /** An event follows the last one. */
        EVENT_AFTER_END
    }

    Plant(Bug bug) {
        this.bug = bug;
    }

    Bug bug() {
        return bug;
    }

    /** Whether this one of its kind is affected. */
    boolean hits(Bug candidate) {
        if (bug != candidate) {
            return false;
        }
        count++;
        return count % EVERY == 0;
    }

    boolean losesTask(@Nullable SimulatedLoop from, SimulatedLoop to) {
        return from != null && from != to && hits(Bug.LOST_WAKE_UP);
    }

    boolean losesTimer(long delayMillis) {
        return delayMillis > SHORTEST_LOST_TIMER_MILLIS && hits(Bug.FORGOTTEN_TIMER);
    }
}
