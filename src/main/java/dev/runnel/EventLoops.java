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

/** Checks whether event loops still run tasks. A blocked loop does not answer. Any thread. */
final class EventLoops {

    private final Map<String, Loop> loops = new ConcurrentHashMap<>();
    private final Duration limit;

    /** @param thread the thread's name in a thread dump */
    private record Loop(Context context, String thread) {}

    /** @param limit how long a loop may need to answer */
    EventLoops(Duration limit) {
        this.limit = limit;
    }

    /** Adds the calling event loop. */
    void add(String name, Context context) {
        loops.put(name, new Loop(context, Thread.currentThread().getName()));
    }

    /** Checks all loops at once; completes within the limit, with one check per loop, sorted by name. */
    Future<List<HealthCheck>> check() {
        List<Future<HealthCheck>> answers = new ArrayList<>();
        loops.forEach((name, loop) -> answers.add(check(name, loop)));
        return Future.join(answers)
                .map(all -> answers.stream()
                        .map(Future::result)
                        .sorted((a, b) -> a.name().compareTo(b.name()))
                        .toList());
    }

    private Future<HealthCheck> check(String name, Loop loop) {
        Promise<Void> ran = Promise.promise();
        loop.context().runOnContext(now -> ran.tryComplete());
        return ran.future()
                .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .map(Optional.<String>empty())
                .otherwise(late -> Optional.of(loop.thread() + " did not answer within " + limit.toSeconds() + " s"))
                .map(problem -> new HealthCheck("event loop of " + name, true, () -> problem));
    }
}
