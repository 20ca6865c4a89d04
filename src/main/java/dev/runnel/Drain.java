package dev.runnel;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Ends running generations before the service stops. They may continue until a limit. Then the rest is cut and its
 * clients get an error event. A client that does not read that event in time is dropped.
 */
public final class Drain {

    /** How long a client may need to read the last events while its socket is full. */
    static final Duration LAST_EVENTS = Duration.ofSeconds(5);

    /** How long a lane may need to answer. A lane that does not answer is stuck, and all its streams are lost. */
    private static final Duration LANE_ANSWERS = Duration.ofSeconds(2);

    private final List<Lane> lanes;

    Drain(List<Lane> lanes) {
        this.lanes = List.copyOf(lanes);
    }

    /**
     * The result of a drain.
     *
     * @param cut generations that were ended early; a lane that does not answer counts as one
     * @param dropped connections that were closed before their responses were sent, and lanes that do not answer
     */
    public record Outcome(int cut, int dropped) {

        public boolean isClean() {
            return cut == 0 && dropped == 0;
        }
    }

    /** Starts. Never fails. Completes within {@code limit}, {@link #LAST_EVENTS} and twice {@link #LANE_ANSWERS}. */
    Future<Outcome> run(Duration limit) {
        Future<?> ended = Future.join(lanes.stream().map(Lane::drain).toList());
        return within(limit, ended).compose(inTime -> inTime ? Future.succeededFuture(new Outcome(0, 0)) : cut(ended));
    }

    private Future<Outcome> cut(Future<?> ended) {
        return sum(Lane::cut)
                .compose(cut -> within(LAST_EVENTS, ended)
                        .compose(sent -> sent ? Future.succeededFuture(0) : sum(Lane::abort))
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

    /** Whether the event happens in time. */
    private static Future<Boolean> within(Duration limit, Future<?> event) {
        return event.timeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS)
                .<Boolean>map(true)
                .recover(failure -> failure instanceof TimeoutException
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(failure));
    }
}
