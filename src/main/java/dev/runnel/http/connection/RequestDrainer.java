package dev.runnel.http.connection;

import dev.runnel.net.http1.RequestFault;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Discards the body of a request that was refused before its body was read to the end. After a small body the
 * connection is kept. Of any other body a part is discarded for a moment, and then the connection is closed. Closing at
 * once would reset the connection, and many clients, still sending, would not see the response (RFC 9112, section 9.6).
 */
public final class RequestDrainer {

    private static final Duration LINGER = Duration.ofSeconds(2);
    private static final long HTTP2_NO_ERROR = 0;

    private final Vertx vertx;
    private final int maxBodyBytes;

    public RequestDrainer(Vertx vertx, int maxBodyBytes) {
        this.vertx = vertx;
        this.maxBodyBytes = maxBodyBytes;
    }

    /**
     * Whether the connection cannot be used again: the rest of the body is large, of unknown length or perhaps never
     * sent. Nor after a body that is malformed.
     */
    public boolean mustClose(HttpServerRequest request) {
        if (RequestFault.isMalformed(request)) {
            return true;
        }
        if (request.isEnded()) {
            return false;
        }
        String length = request.getHeader("Content-Length");
        boolean hasBody = length != null || request.getHeader("Transfer-Encoding") != null;
        return hasBody && (request.getHeader("Expect") != null || !isSmall(length));
    }

    private boolean isSmall(@Nullable String length) {
        return length != null && declaredLength(length) <= maxBodyBytes;
    }

    /** {@code Long.MAX_VALUE} for a value that is not a number, or does not fit into a {@code long}. */
    public static long declaredLength(String header) {
        try {
            return Long.parseLong(header.strip());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Called when the response was sent. */
    public void discard(HttpServerRequest request, boolean closes) {
        if (request.isEnded()) {
            if (closes) {
                close(request);
            }
            return;
        }
        long timer = vertx.setTimer(LINGER.toMillis(), late -> close(request));
        new Budget(request, maxBodyBytes, timer, closes).start();
    }

    private void close(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(HTTP2_NO_ERROR);
        } else {
            request.connection().close();
        }
    }

    /** Discards until the end, the limit or the deadline, whichever comes first. */
    private final class Budget {

        private final HttpServerRequest request;
        private final long timer;
        private final boolean closes;
        private long bytesLeft;

        Budget(HttpServerRequest request, long bytesLeft, long timer, boolean closes) {
            this.request = request;
            this.bytesLeft = bytesLeft;
            this.timer = timer;
            this.closes = closes;
        }

        void start() {
            request.handler(this::discard).exceptionHandler(failure -> vertx.cancelTimer(timer));
            request.endHandler(end -> done());
            request.resume();
        }

        private void discard(Buffer part) {
            bytesLeft -= part.length();
            if (bytesLeft < 0) {
                vertx.cancelTimer(timer);
                close(request);
            }
        }

        private void done() {
            vertx.cancelTimer(timer);
            if (closes) {
                close(request);
            }
        }
    }
}
