package dev.runnel.http.management;

import dev.runnel.metric.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Prints the meters on a thread of its own, whose priority is below that of the threads that carry events. One scrape
 * runs at a time: a request during a scrape gets the same result. For one event loop.
 */
final class Scraper {

    private static final String NAME = "runnel-scrape";

    private final WorkerExecutor thread;
    private final Metrics metrics;
    private @Nullable Future<Buffer> running;

    private Scraper(WorkerExecutor thread, Metrics metrics) {
        this.thread = thread;
        this.metrics = metrics;
    }

    /** Starts the thread. {@link #close} ends it. */
    static Scraper open(Vertx vertx, Metrics metrics) {
        WorkerExecutor thread = vertx.createSharedWorkerExecutor(NAME, 1);
        thread.executeBlocking(() -> {
            ThreadNiceness.lowerThisThread();
            return null;
        });
        return new Scraper(thread, metrics);
    }

    /** Everything in the format of {@link Metrics#CONTENT_TYPE}. */
    Future<Buffer> scrape() {
        Future<Buffer> scrape = running;
        if (scrape == null) {
            scrape = thread.executeBlocking(() -> Buffer.buffer(metrics.scrape()));
            running = scrape;
            scrape.onComplete(done -> running = null);
        }
        return scrape;
    }

    Future<Void> close() {
        return thread.close();
    }
}
