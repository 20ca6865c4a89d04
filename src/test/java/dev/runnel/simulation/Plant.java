package dev.runnel.simulation;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A bug that is planted at the edges of the real rooms, so that a test can see the rules find it. */
final class Plant {

    static final Plant NONE = new Plant(Bug.NONE);

    private static final long SHORTEST_LOST_TIMER_MILLIS = 700;

    private static final String BODY_END = "0\r\n\r\n";
    private static final String ONE_MORE_CHUNK = "e\r\ndata: [DONE]\n\n\r\n";

    private final Bug bug;
    private int count;

    /** What goes wrong. */
    enum Bug {
        NONE(1),
        /** A task that one event loop gives to another is lost. */
        LOST_WAKE_UP(11),
        /** A long timer does not fire. */
        FORGOTTEN_TIMER(11),
        /** A socket has room again, and nothing is written. */
        LOST_ROOM(3),
        /** A piece of text does not reach the stream. */
        LOST_DELTA(11),
        /** A piece of text reaches the stream twice. */
        REPEATED_DELTA(11),
        /** A code point is cut in two. */
        SPLIT_CODE_POINT(11),
        /** The account of a generation is published twice. */
        ENDED_TWICE(5),
        /** The account of a generation is not published. */
        NEVER_ENDED(5),
        /** The cancel of a client that has left is lost. */
        LOST_CANCEL(1),
        /** A permit is given back twice. */
        SETTLED_TWICE(5),
        /** The permit of a refused request is not given back. */
        PERMIT_KEPT(1),
        /** A generation is charged with the reservation in place of its usage. */
        WRONG_CHARGE(5),
        /** A running generation goes on after its key was revoked. */
        IGNORED_REVOCATION(1),
        /** An event follows the last one. */
        EVENT_AFTER_END(3);

        /** Which number of its kind is affected, so that the bug shows only in some seeds. */
        private final int every;

        Bug(int every) {
            this.every = every;
        }
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
        return count % candidate.every == 0;
    }

    boolean losesTask(@Nullable SimulatedLoop from, SimulatedLoop to) {
        return from != null && from != to && hits(Bug.LOST_WAKE_UP);
    }

    /** What a socket sends in place of these bytes. */
    byte[] sent(byte[] bytes) {
        if (bug != Bug.EVENT_AFTER_END) {
            return bytes;
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        boolean isEnd = text.equals(BODY_END) || text.endsWith("\r\n" + BODY_END);
        return isEnd && hits(Bug.EVENT_AFTER_END)
                ? text.replace(BODY_END, ONE_MORE_CHUNK + BODY_END).getBytes(StandardCharsets.ISO_8859_1)
                : bytes;
    }

    boolean losesTimer(long delayMillis) {
        return delayMillis > SHORTEST_LOST_TIMER_MILLIS && hits(Bug.FORGOTTEN_TIMER);
    }
}
