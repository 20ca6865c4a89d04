package dev.runnel.engine.llama;

import dev.runnel.engine.Completion;
import dev.runnel.engine.GenerationHandle;
import dev.runnel.engine.Sink;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** When a generation's pieces came. Times are those of {@link System#nanoTime}. */
final class Timeline implements Sink {

    private final Context context;
    private final Promise<Void> end = Promise.promise();
    private final List<Long> pieces = new ArrayList<>();

    private Promise<Void> more = Promise.promise();
    private int wanted = Integer.MAX_VALUE;
    private GenerationHandle running;
    private long startedAt;
    private long cancelledAt;
    private long endedAt;

    Timeline(Context context) {
        this.context = context;
    }

    void start() {
        startedAt = System.nanoTime();
    }

    Timeline running(GenerationHandle started) {
        running = started;
        return this;
    }

    @Override
    public synchronized void piece(EscapedText text, int tokens) {
        pieces.add(System.nanoTime());
        if (pieces.size() >= wanted) {
            more.tryComplete();
        }
    }

    @Override
    public void completed(Completion completion) {
        endedAt = System.nanoTime();
        more.tryComplete();
        end.complete();
    }

    @Override
    public void failed(Failure failure) {
        end.fail(failure.message());
    }

    void awaitEnd() throws Exception {
        end.future().await(5, TimeUnit.MINUTES);
    }

    /** Waits for so many more pieces. */
    void awaitMore(int count) throws Exception {
        Future<Void> come;
        synchronized (this) {
            more = Promise.promise();
            wanted = pieces.size() + count;
            come = more.future();
        }
        come.await(5, TimeUnit.MINUTES);
    }

    void cancel() {
        cancelIn(1);
    }

    /** Cancels it in so many milliseconds, 1 or more. */
    void cancelIn(long millis) {
        context.owner().setTimer(millis, due -> {
            cancelledAt = System.nanoTime();
            running.cancel();
        });
    }

    synchronized int tokens() {
        return pieces.size();
    }

    long startedAt() {
        return startedAt;
    }

    long endedAt() {
        return endedAt;
    }

    synchronized double firstTokenMillis() {
        return (pieces.get(0) - startedAt) / 1e6;
    }

    double cancelMillis() {
        return (endedAt - cancelledAt) / 1e6;
    }

    synchronized double longestGapMillis(long from, long to) {
        long longest = 0;
        for (int i = 1; i < pieces.size(); i++) {
            if (pieces.get(i) > from && pieces.get(i - 1) < to) {
                longest = Math.max(longest, pieces.get(i) - pieces.get(i - 1));
            }
        }
        return longest / 1e6;
    }
}
