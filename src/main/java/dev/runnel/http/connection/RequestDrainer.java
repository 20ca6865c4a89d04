package dev.runnel.http.connection;

import dev.runnel.metric.RequestMeters;
import dev.runnel.net.http1.ClientChannel;
import dev.runnel.net.http1.RequestFault;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Discards the body of a request that was refused before its body was read to the end. If little of it is missing, the
 * connection is kept. Else the rest is discarded for a moment, and then the connection is closed. Closing at once would
 * reset the connection, and many clients, still sending, would not see the response (RFC 9112, section 9.6).
 */
public final class RequestDrainer {

    /** To read so little costs less than another connection. */
    private static final int SMALL_BYTES = 64 * 1024;

    private static final Duration LINGER = Duration.ofSeconds(2);
    private static final long HTTP2_NO_ERROR = 0;

    private final Vertx vertx;
    private final int maxBodyBytes;
    private final RequestMeters meters;

    /** @param maxBodyBytes the most that is discarded of one body */
    public RequestDrainer(Vertx vertx, int maxBodyBytes, RequestMeters meters) {
        this.vertx = vertx;
        this.maxBodyBytes = maxBodyBytes;
        this.meters = meters;
    }

    /**
     * Whether the connection cannot be used again: the body is malformed, or its rest is large, of unknown length or
     * perhaps never sent.
     */
    public boolean mustClose(HttpServerRequest request) {
        if (RequestFault.isMalformed(request)) {
            return true;
        }
        if (request.isEnded()) {
            return false;
        }
        return hasBody(request) && (request.getHeader("Expect") != null || !isAlmostRead(request));
    }

    private static boolean hasBody(HttpServerRequest request) {
        return request.getHeader("Content-Length") != null || request.getHeader("Transfer-Encoding") != null;
    }

    private static boolean isAlmostRead(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length != null && declaredLength(length) - request.bytesRead() <= SMALL_BYTES;
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
        if (!request.isEnded()) {
            new Rest(request, closes).start();
        } else if (closes) {
            end(request);
        }
    }

    /** Nothing of the request is missing. Others may follow, which were sent before the client knew of the end. */
    private static void end(HttpServerRequest request) {
        close(request, ClientChannel::closeAfterWrites);
    }

    private static void close(HttpServerRequest request, Consumer<ClientChannel> closeHttp1) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(HTTP2_NO_ERROR);
        } else {
            closeHttp1.accept(ClientChannel.of(request.connection()));
        }
    }

    /** The rest of a body: discarded until its end, the limit or the deadline, whichever comes first. */
    private final class Rest {

        private final HttpServerRequest request;
        private final boolean closes;
        private long bytesLeft = maxBodyBytes;
        private long timer;
        private boolean isOver;

        Rest(HttpServerRequest request, boolean closes) {
            this.request = request;
            this.closes = closes;
        }

        void start() {
            meters.discardStarted();
            timer = vertx.setTimer(LINGER.toMillis(), late -> cut());
            request.handler(this::discard).exceptionHandler(failure -> over());
            request.endHandler(end -> ended());
            request.resume();
        }

        private void discard(Buffer part) {
            if (isOver) {
                return;
            }
            meters.discarded(part.length());
            bytesLeft -= part.length();
            if (bytesLeft < 0) {
                cut();
            }
        }

        private void ended() {
            over();
            if (closes) {
                end(request);
            }
        }

        private void cut() {
            if (!isOver) {
                over();
                meters.discardCut();
                close(request, ClientChannel::closeNow);
            }
        }

        private void over() {
            if (!isOver) {
                isOver = true;
                vertx.cancelTimer(timer);
                meters.discardEnded();
            }
        }
    }
}
