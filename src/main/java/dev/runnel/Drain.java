package dev.runnel;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Lets what runs end before the service does: for a time all of it goes on, then what is left is told why it ends, and who
 * does not take that in a moment is dropped.
 */
public final class Drain {

    /** What a reader has for the last events, which a full socket holds up. */
    static final Duration LAST_WORDS = Duration.ofSeconds(5);

    /** What a lane has to answer; one that does not is stuck, and all that it holds is lost. */
    private static final Duration LANE_ANSWERS = Duration.ofSeconds(2);

    private final List<Lane> lanes;

    Drain(List<Lane> lanes) {
        this.lanes = List.copyOf(lanes);
    }

    /**
     * How it went.
     *
     * @param cut generations that would have gone on; a lane that does not answer counts as one
     * @param dropped connections that were closed with a part of their answers unsent, and lanes that do not answer
     */
    public record Outcome(int cut, int dropped) {

        public boolean isClean() {
            return cut == 0 && dropped == 0;
        }
    }

    /** Begins; never fails, and takes at most {@code limit}, {@link #LAST_WORDS} and what lanes have to answer, twice. */
    Future<Outcome> run(Duration limit) {
        Future<?> ended = Future.join(lanes.stream().map(Lane::drain).toList());
        return within(limit, ended).compose(inTime -> inTime ? Future.succeededFuture(new Outcome(0, 0)) : cut(ended));
    }

    private Future<Outcome> cut(Future<?> ended) {
        return sum(Lane::cut)
                .compose(cut -> within(LAST_WORDS, ended)
                        .compose(told -> told ? Future.succeededFuture(0) : sum(Lane::abort))
                        .map(dropped -> new Outcome(cut, dropped)));
    }

    private Future<Integer> sum(Function<Lane, Future<Integer>> count) {
        List<Future<Integer>> counts =
                lanes.stream().map(lane -> answered(count.apply(lane))).toList();
        return Future.join(counts)
                .map(all -> counts.stream().mapToInt(Future::result).sum());
    }

    private static Future<Integer> answered(Future<Integer> count) {
        return within(LANE_ANSWERS, count).map(inTime -> inTime ? count.result() : 1);
    }

    /** Whether it happens in time. */
    private static Future<Boolean> within(Duration limit, Future<?> event) {
        return event.timeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS)
                .<Boolean>map(true)
                .recover(failure -> failure instanceof TimeoutException
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(failure));
    }
}
