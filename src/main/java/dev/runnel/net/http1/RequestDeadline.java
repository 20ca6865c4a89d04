package dev.runnel.net.http1;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes a client's connection if no request arrives in time. Netty's {@code IdleStateHandler} does not fit: over
 * HTTP/2 each PING of the client is answered, so the connection is never idle by its writes. Bytes that the client
 * sends do not extend the time. It is extended while the client still accepts a response whose end was written long
 * ago. After the client has stopped to read, it has one to two times the limit. The connection has one timer, so a
 * request costs none. Every method is called on the connection's event loop.
 */
final class RequestDeadline {

    private static final long NO_LIMIT = 0;

    private final Channel channel;
    private final LongSupplier unsentBytes;
    /** {@code null} over HTTP/1. */
    private final @Nullable StreamReads reads;

    /** How long the client may need for its next request; {@link #NO_LIMIT} while it waits for a response. */
    private long limitNanos = NO_LIMIT;

    private long sinceNanos;
    private long unsent;
    private @Nullable Future<?> timer;
    private long timerAtNanos;

    /** @param unsentBytes what the client has not accepted yet */
    RequestDeadline(Channel channel, LongSupplier unsentBytes) {
        this.channel = channel;
        this.unsentBytes = unsentBytes;
        Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
        this.reads = http2 == null ? null : StreamReads.of(http2);
        channel.closeFuture().addListener(closed -> cancel());
    }

    /** A request must arrive within this time from now on. */
    void start(Duration limit) {
        limitNanos = limit.toNanos();
        sinceNanos = now();
        unsent = unsentBytes.getAsLong();
        if (timer != null && timerAtNanos - sinceNanos > limitNanos) {
            cancel();
        }
        if (timer == null && channel.isActive()) {
            schedule(limitNanos);
        }
    }

    /** A request arrived. A timer that is armed stays armed, for the next time. */
    void stop() {
        limitNanos = NO_LIMIT;
    }

    private void schedule(long delayNanos) {
        timerAtNanos = now() + delayNanos;
        timer = channel.eventLoop().schedule(this::check, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void check() {
        timer = null;
        if (limitNanos == NO_LIMIT || !channel.isActive()) {
            return;
        }
        long left = limitNanos - (now() - sinceNanos);
        if (left > 0) {
            schedule(left);
        } else if (accepts()) {
            sinceNanos = now();
            schedule(limitNanos);
        } else {
            // Vert.x closes a connection on this event.
            channel.pipeline().fireUserEventTriggered(IdleStateEvent.WRITER_IDLE_STATE_EVENT);
        }
    }

    /** Whether the client has accepted a part of a response since the last check. */
    private boolean accepts() {
        long unsentBefore = unsent;
        unsent = unsentBytes.getAsLong();
        boolean readsStreams = reads != null && reads.sinceLastCheck();
        return unsent < unsentBefore || readsStreams;
    }

    private long now() {
        return channel.eventLoop().ticker().nanoTime();
    }

    /**
     * Notes what shows over HTTP/2 that the client reads a stream: it opens the stream's window again (RFC 9113,
     * section 6.9).
     */
    private static final class StreamReads extends Http2FrameListenerDecorator {

        private final Http2Connection connection;
        private boolean updated;
        private boolean hasStreams;

        private StreamReads(Http2FrameListener listener, Http2Connection connection) {
            super(listener);
            this.connection = connection;
        }

        static StreamReads of(Http2ConnectionHandler http2) {
            StreamReads reads = new StreamReads(http2.decoder().frameListener(), http2.connection());
            http2.decoder().frameListener(reads);
            return reads;
        }

        /** Without a stream at this check and at the last one, no window counts. */
        boolean sinceLastCheck() {
            boolean hadStreams = hasStreams;
            hasStreams = connection.numActiveStreams() > 0;
            boolean reads = updated && (hadStreams || hasStreams);
            updated = false;
            return reads;
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext context, int streamId, int increment)
                throws Http2Exception {
            super.onWindowUpdateRead(context, streamId, increment);
            updated |= streamId != Http2CodecUtil.CONNECTION_STREAM_ID;
        }
    }
}
