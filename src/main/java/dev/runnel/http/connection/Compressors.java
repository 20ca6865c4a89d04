package dev.runnel.http.connection;

import dev.runnel.metric.StreamMeters;
import dev.runnel.net.http1.ContentCodings;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides which streams are compressed: those whose client asks for it, up to a limit, as each needs memory for its
 * window and tables. One for all verticle instances; any thread.
 */
public final class Compressors {

    private static final String ACCEPT_ENCODING = "Accept-Encoding";
    private static final String CONTENT_ENCODING = "Content-Encoding";

    private final int limit;
    private final StreamMeters meters;
    private final AtomicInteger acquired = new AtomicInteger();
    private final ContentCodings codings = new ContentCodings();

    /** @param limit how many streams may be compressed at once, 0 or more */
    public Compressors(int limit, StreamMeters meters) {
        this.limit = limit;
        this.meters = meters;
    }

    /**
     * Decides on the compression of a response. Called as its head is written, and not before: until then nothing is
     * known to compress. Keeps the server from using a coding that the client refuses: Netty (4.2) ignores some
     * qualities of 0. Also keeps it from parsing a header that is too long.
     */
    public void decide(HttpServerRequest request) {
        List<String> wanted = request.headers().getAll(ACCEPT_ENCODING);
        boolean isOpen = isOn() && !request.response().headers().contains(CONTENT_ENCODING);
        if (isOpen && !wanted.isEmpty() && !compresses(wanted)) {
            leaveUncompressed(request);
        }
    }

    /** Headers of more than 256 characters together ask for no coding. */
    private boolean compresses(List<String> acceptEncoding) {
        int length = acceptEncoding.stream().mapToInt(String::length).sum();
        if (acceptEncoding.isEmpty() || length > HeaderCursor.MAX_CHARACTERS) {
            return false;
        }
        // As Netty joins them.
        String wanted = String.join(",", acceptEncoding);
        String choice = codings.choice(wanted);
        return choice != null && AcceptEncoding.allows(wanted, choice);
    }

    /**
     * Keeps the server from compressing a response: the header means that this was done already, and the server removes
     * it.
     */
    public void leaveUncompressed(HttpServerRequest request) {
        if (isOn() && request.version() != HttpVersion.HTTP_1_0) {
            request.response().putHeader(CONTENT_ENCODING, "identity");
        }
    }

    /** Whether any response may be compressed. */
    public boolean isOn() {
        return limit > 0;
    }

    /** Acquires a compressor for a stream whose client wants one. After {@code true}, {@link #release} must follow. */
    public boolean acquire(HttpServerRequest request) {
        List<String> wanted = request.headers().getAll(ACCEPT_ENCODING);
        if (!isOn() || request.version() == HttpVersion.HTTP_1_0 || !compresses(wanted)) {
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
