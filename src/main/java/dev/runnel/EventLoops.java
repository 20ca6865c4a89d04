package dev.runnel;

import dev.runnel.http.management.HealthCheck;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Asks event loops whether they still turn: one that is blocked, or busy for ever, answers nobody. Any thread. */
final class EventLoops {

    private final Map<String, Loop> loops = new ConcurrentHashMap<>();
    private final Duration limit;

    /** @param thread its name, as a thread dump shows it */
    private record Loop(Context context, String thread) {}

    /** @param limit how long one may take to answer */
    EventLoops(Duration limit) {
        this.limit = limit;
    }

    /** Adds the calling event loop. */
    void add(String name, Context context) {
        loops.put(name, new Loop(context, Thread.currentThread().getName()));
    }

    /** Asks them all at once; completes within the limit, with one check for each, by name. */
    Future<List<HealthCheck>> ask() {
        List<Future<HealthCheck>> answers = new ArrayList<>();
        loops.forEach((name, loop) -> answers.add(ask(name, loop)));
        return Future.join(answers)
                .map(all -> answers.stream()
                        .map(Future::result)
                        .sorted((a, b) -> a.name().compareTo(b.name()))
                        .toList());
    }

    private Future<HealthCheck> ask(String name, Loop loop) {
        Promise<Void> turned = Promise.promise();
        loop.context().runOnContext(now -> turned.tryComplete());
        return turned.future()
                .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .map(Optional.<String>empty())
                .otherwise(late -> Optional.of(loop.thread() + " did not answer within " + limit.toSeconds() + " s"))
                .map(problem -> new HealthCheck("event loop of " + name, true, () -> problem));
    }
}
