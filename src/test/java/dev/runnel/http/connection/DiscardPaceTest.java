package dev.runnel.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiscardPaceTest {

    private static final int PART = 64 * 1024;

    private final List<Runnable> turns = new ArrayList<>();
    private final DiscardPace pace = new DiscardPace(turns::add);

    /** A body whose client always sends as much as is read. */
    private final class Body implements DiscardPace.Source {

        private final boolean isSilent;
        private long bytesLeft;
        private long read;
        private boolean isPaused = true;

        Body(long bytes, boolean isSilent) {
            this.bytesLeft = bytes;
            this.isSilent = isSilent;
            pace.add(this);
        }

        @Override
        public void read() {
            isPaused = false;
            while (!isSilent && !isPaused && bytesLeft > 0) {
                int part = (int) Math.min(PART, bytesLeft);
                bytesLeft -= part;
                read += part;
                pace.read(this, part);
            }
            if (bytesLeft == 0) {
                pace.remove(this);
            }
        }

        @Override
        public void pause() {
            isPaused = true;
        }
    }

    private List<Body> bodies(int count, long bytes, boolean isSilent) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Body(bytes, isSilent))
                .toList();
    }

    private static long read(List<Body> bodies) {
        return bodies.stream().mapToLong(body -> body.read).sum();
    }

    /** Returns whether there was one. */
    private boolean turn() {
        List<Runnable> now = List.copyOf(turns);
        turns.clear();
        now.forEach(Runnable::run);
        return !now.isEmpty();
    }

    private void turns(int count) {
        for (int i = 0; i < count; i++) {
            turn();
        }
    }

    @Test
    void bodyAloneIsReadWithoutAWait() {
        Body body = new Body(4 * PART, false);

        assertThat(body.bytesLeft).isZero();
    }

    @Test
    void manyBodiesTogetherAreReadNoFasterThanThePace() {
        List<Body> flood = bodies(1000, 2 << 20, false);

        turns(99);

        assertThat(read(flood)).isBetween(99L * DiscardPace.BYTES_PER_TURN, 100L * DiscardPace.BYTES_PER_TURN + PART);
    }

    @Test
    void bodyThatIsBeingReadIsReadToItsEndBeforeOthers() {
        List<Body> flood = bodies(1000, 2 << 20, false);

        turns(99);

        long begun = flood.stream()
                .filter(body -> body.read > 0 && body.bytesLeft > 0)
                .count();
        assertThat(begun).isLessThanOrEqualTo(DiscardPace.MOST_AT_ONCE);
        assertThat(flood.get(0).bytesLeft).isZero();
    }

    @Test
    void bodiesThatBringNothingDoNotKeepOthersFromBeingRead() {
        bodies(10 * DiscardPace.MOST_AT_ONCE, PART, true);
        Body body = new Body(4 * PART, false);

        turns(10);

        assertThat(body.bytesLeft).isZero();
    }

    @Test
    void noTurnFollowsWhenNothingIsRead() {
        List<Body> silent = bodies(3, PART, true);
        turns(3);
        silent.forEach(pace::remove);

        turns(2);

        assertThat(turn()).isFalse();
        assertThat(new Body(PART, false).bytesLeft).isZero();
    }

    @Test
    void bodyThatIsRemovedWhileItWaitsIsNotRead() {
        bodies(DiscardPace.MOST_AT_ONCE, 100L << 20, false);
        Body gone = new Body(PART, false);
        pace.remove(gone);

        turns(50);

        assertThat(gone.read).isZero();
    }
}
