package dev.runnel.net.http1;

import io.netty.handler.codec.compression.Brotli;
import io.netty.handler.codec.compression.BrotliMode;
import io.netty.handler.codec.compression.CompressionOptions;
import io.netty.handler.codec.compression.StandardCompressionOptions;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.vertx.core.http.HttpServerOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The content codings of responses (RFC 9110, section 8.4.1): gzip, and br where its library loads. */
public final class ContentCodings {

    /**
     * An event repeats the one before it, so that a fast level finds nearly all repetitions. Level 1 does not. It notes
     * so few places that repeated words lead it away from the event before, and it needs as much time.
     */
    private static final int GZIP_LEVEL = 2;
    /** 32 KB, the maximum of gzip, and its usual tables: 256 KB together. */
    private static final int GZIP_WINDOW_BITS = 15;

    private static final int GZIP_MEMORY_LEVEL = 8;

    private static final int BROTLI_QUALITY = 2;
    /** 256 KB. */
    private static final int BROTLI_WINDOW_BITS = 18;

    private final Negotiation negotiation = new Negotiation();

    /** Chooses as the server does, since the server uses the same class. */
    private static final class Negotiation extends HttpContentCompressor {

        Negotiation() {
            super(options().toArray(new CompressionOptions[0]));
        }

        @Nullable
        String choice(String acceptEncoding) {
            return determineEncoding(acceptEncoding);
        }
    }

    /** The coding that the server uses for such a client, {@code null} for none. Any thread. */
    public @Nullable String choice(String acceptEncoding) {
        return negotiation.choice(acceptEncoding);
    }

    /** Makes a server offer these codings. */
    public static HttpServerOptions offer(HttpServerOptions server) {
        return server.setCompressors(options());
    }

    private static List<CompressionOptions> options() {
        List<CompressionOptions> options = new ArrayList<>();
        options.add(StandardCompressionOptions.gzip(GZIP_LEVEL, GZIP_WINDOW_BITS, GZIP_MEMORY_LEVEL));
        if (Brotli.isAvailable()) {
            options.add(StandardCompressionOptions.brotli(BROTLI_QUALITY, BROTLI_WINDOW_BITS, BrotliMode.TEXT));
        }
        return options;
    }
}
