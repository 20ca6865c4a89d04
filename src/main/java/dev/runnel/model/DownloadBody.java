package dev.runnel.model;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A response's body, read by a thread that waits for each piece with a deadline. The client's own stream has no
 * deadline between two pieces and ignores interrupts. At most one piece is requested at a time, so memory is bounded.
 */
final class DownloadBody implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;

    static DownloadBody of(Flow.Publisher<List<ByteBuffer>> publisher) {
        DownloadBody body = new DownloadBody();
        publisher.subscribe(body);
        return body;
    }

    /**
     * Waits for the next piece; empty at the end.
     *
     * @throws ConnectionBrokenException if the connection broke, or nothing arrived within {@code patience}
     */
    Optional<List<ByteBuffer>> next(Duration patience) throws ConnectionBrokenException, InterruptedException {
        Signal signal = signals.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (signal instanceof Piece piece) {
            request();
            return Optional.of(piece.buffers);
        }
        if (signal instanceof Broken broken) {
            throw ConnectionBrokenException.of(broken.cause);
        }
        if (signal == null) {
            throw ConnectionBrokenException.silent(patience);
        }
        return Optional.empty();
    }

    /** Closes the connection unless the whole body was read. */
    @Override
    public void close() {
        closed = true;
        Optional.ofNullable(subscription).ifPresent(Flow.Subscription::cancel);
    }

    @Override
    public void onSubscribe(Flow.Subscription received) {
        subscription = received;
        if (closed) {
            received.cancel();
        } else {
            received.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Piece(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new Broken(cause));
    }

    @Override
    public void onComplete() {
        signals.add(new End());
    }

    private void request() {
        Optional.ofNullable(subscription).ifPresent(present -> present.request(1));
    }

    private sealed interface Signal {}

    private record Piece(List<ByteBuffer> buffers) implements Signal {}

    private record Broken(Throwable cause) implements Signal {}

    private record End() implements Signal {}
}
