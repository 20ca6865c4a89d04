package dev.runnel.http.connection;

import dev.runnel.metric.StreamMeters;
import dev.runnel.net.http1.ContentCodings;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides which streams are compressed: those whose client asks for it, up to a limit, as each needs memory for its
 * window and tables. One for all verticle instances; any thread.
 */
public final class Compressors {

    private final int limit;
    private final StreamMeters meters;
    private final AtomicInteger acquired = new AtomicInteger();
    private final ContentCodings codings = new ContentCodings();

    /** @param limit how many streams may be compressed at once, 0 or more */
    public Compressors(int limit, StreamMeters meters) {
        this.limit = limit;
        this.meters = meters;
    }

    /** Keeps the server from using a coding that the client refuses: Netty (4.2) ignores some qualities of 0. */
    public void leaveRefused(HttpServerRequest request) {
        String wanted = request.getHeader("Accept-Encoding");
        String choice = wanted == null ? null : codings.choice(wanted);
        if (choice != null && !AcceptEncoding.allows(wanted, choice)) {
            leaveUncompressed(request);
        }
    }

    private boolean compresses(String acceptEncoding) {
        String choice = codings.choice(acceptEncoding);
        return choice != null && AcceptEncoding.allows(acceptEncoding, choice);
    }

    /**
     * Keeps the server from compressing a response: the header means that this was done already, and the server removes
     * it.
     */
    public void leaveUncompressed(HttpServerRequest request) {
        if (isOn() && request.version() != HttpVersion.HTTP_1_0) {
            request.response().putHeader("Content-Encoding", "identity");
        }
    }

    /** Whether any response may be compressed. */
    public boolean isOn() {
        return limit > 0;
    }

    /** Acquires a compressor for a stream whose client wants one. After {@code true}, {@link #release} must follow. */
    public boolean acquire(HttpServerRequest request) {
        String wanted = request.getHeader("Accept-Encoding");
        if (!isOn() || wanted == null || request.version() == HttpVersion.HTTP_1_0 || !compresses(wanted)) {
            return false;
        }
        if (acquired.incrementAndGet() > limit) {
            acquired.decrementAndGet();
            meters.leftUncompressed();
            return false;
        }
        meters.compressed();
        return true;
    }

    /** A compressed stream is closed. */
    public void release() {
        acquired.decrementAndGet();
        meters.compressionEnded();
    }
}
