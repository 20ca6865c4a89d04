package dev.runnel.http.connection;

import dev.runnel.metric.StreamMeters;
import io.netty.handler.codec.compression.Brotli;
import io.netty.handler.codec.compression.BrotliMode;
import io.netty.handler.codec.compression.CompressionOptions;
import io.netty.handler.codec.compression.StandardCompressionOptions;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Decides which streams are compressed: those whose client asks for it, while there are not too many, as each holds its
 * window and tables. One for all verticle instances; any thread.
 */
public final class Compressors {

    /**
     * An event repeats the one before, so that a fast level finds nearly all that there is to find. Level 1 does not: it notes
     * so few places that words which come again lead it away from the event before, and takes as long.
     */
    private static final int GZIP_LEVEL = 2;
    /** 32 KB, the most that gzip knows, and its usual tables: 256 KB together. */
    private static final int GZIP_WINDOW_BITS = 15;

    private static final int GZIP_MEMORY_LEVEL = 8;

    private static final int BROTLI_QUALITY = 2;
    /** 256 KB. */
    private static final int BROTLI_WINDOW_BITS = 18;

    private final int most;
    private final StreamMeters meters;
    private final AtomicInteger taken = new AtomicInteger();
    private final Negotiation negotiation = new Negotiation(options());

    /** Chooses as the server does, since it is what the server uses. */
    private static final class Negotiation extends HttpContentCompressor {

        Negotiation(List<CompressionOptions> options) {
            super(options.toArray(new CompressionOptions[0]));
        }

        /** The coding of its answers to such a client, {@code null} for none. */
        @Nullable
        String choice(String acceptEncoding) {
            return determineEncoding(acceptEncoding);
        }
    }

    /** @param most how many streams may be compressed at once, 0 or more */
    public Compressors(int most, StreamMeters meters) {
        this.most = most;
        this.meters = meters;
    }

    /** The encodings that are offered, for {@code HttpServerOptions.setCompressors}: gzip, and br where its library loads. */
    public static List<CompressionOptions> options() {
        List<CompressionOptions> options = new ArrayList<>();
        options.add(StandardCompressionOptions.gzip(GZIP_LEVEL, GZIP_WINDOW_BITS, GZIP_MEMORY_LEVEL));
        if (Brotli.isAvailable()) {
            options.add(StandardCompressionOptions.brotli(BROTLI_QUALITY, BROTLI_WINDOW_BITS, BrotliMode.TEXT));
        }
        return options;
    }

    /** Keeps the server from a coding that the client does not take: Netty (4.2) overlooks the quality 0 of some. */
    public void leaveRefused(HttpServerRequest request) {
        String wanted = request.getHeader("Accept-Encoding");
        String choice = wanted == null ? null : negotiation.choice(wanted);
        if (choice != null && !AcceptEncoding.allows(wanted, choice)) {
            leaveAlone(request);
        }
    }

    private boolean compresses(String acceptEncoding) {
        String choice = negotiation.choice(acceptEncoding);
        return choice != null && AcceptEncoding.allows(acceptEncoding, choice);
    }

    /** Keeps the server from compressing an answer: it takes the header for what was done already, and takes it off. */
    public void leaveAlone(HttpServerRequest request) {
        if (isOn() && request.version() != HttpVersion.HTTP_1_0) {
            request.response().putHeader("Content-Encoding", "identity");
        }
    }

    /** Whether any answer may be compressed. */
    public boolean isOn() {
        return most > 0;
    }

    /** Takes a place for a stream that its client wants compressed. Where this is {@code true}, {@link #end} must follow. */
    public boolean begin(HttpServerRequest request) {
        String wanted = request.getHeader("Accept-Encoding");
        if (!isOn() || wanted == null || request.version() == HttpVersion.HTTP_1_0 || !compresses(wanted)) {
            return false;
        }
        if (taken.incrementAndGet() > most) {
            taken.decrementAndGet();
            meters.leftUncompressed();
            return false;
        }
        meters.compressed();
        return true;
    }

    /** A stream that was compressed is over. */
    public void end() {
        taken.decrementAndGet();
        meters.compressionEnded();
    }
}
