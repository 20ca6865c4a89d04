package dev.runnel.http.connection;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a body that is not read to its end because the request was refused. A small one is discarded and the
 * connection kept. Of any other a part is discarded for a moment and then the connection closed: closing at once would reset
 * it, and many clients, still sending, would not see the answer (RFC 9112, section 9.6).
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

    /** Whether the connection cannot be used again, as what is left to read is large, unknown or perhaps never sent. */
    public boolean mustClose(HttpServerRequest request) {
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

    /** {@code Long.MAX_VALUE} for what is no number of bytes that fits one. */
    public static long declaredLength(String header) {
        try {
            return Long.parseLong(header.strip());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Called when the answer is out. */
    public void discard(HttpServerRequest request, boolean closes) {
        if (request.isEnded()) {
            if (closes) {
                close(request);
            }
            return;
        }
        long timer = vertx.setTimer(LINGER.toMillis(), late -> close(request));
        new Budget(request, maxBodyBytes, timer, closes).begin();
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

        void begin() {
            request.handler(this::discard).exceptionHandler(gone -> vertx.cancelTimer(timer));
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
