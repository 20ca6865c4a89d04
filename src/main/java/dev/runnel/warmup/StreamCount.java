package dev.runnel.warmup;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the streams of a warm-up until there are enough. Any thread. */
final class StreamCount {

    private final int enough;
    private final AtomicInteger ended = new AtomicInteger();
    private final Promise<Void> reached = Promise.promise();

    /** @param enough 1 or more */
    StreamCount(int enough) {
        this.enough = enough;
    }

    /** A stream has ended. */
    void add() {
        if (ended.incrementAndGet() == enough) {
            reached.complete();
        }
    }

    /** How many have ended. */
    int ended() {
        return ended.get();
    }

    /** Completes when enough have ended. */
    Future<Void> reached() {
        return reached.future();
    }
}
