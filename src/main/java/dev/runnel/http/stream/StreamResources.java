package dev.runnel.http.stream;

import dev.runnel.metric.StreamMeters.Cause;
import io.vertx.core.http.HttpServerRequest;

/**
 * What a stream holds from its headers until it is closed, besides memory. It counts as open. It has a compressor, if
 * its client accepts one and one is free. It may be a reader of a shared text. For the connection's event loop.
 */
final class StreamResources {

    private final HttpServerRequest request;
    private final StreamSettings settings;
    private boolean compressed;
    private Runnable furtherRelease = () -> {};

    /** Holds nothing yet. */
    StreamResources(HttpServerRequest request, StreamSettings settings) {
        this.request = request;
        this.settings = settings;
    }

    /** Called before the headers are sent; {@link #release} must follow. */
    void acquire() {
        settings.meters().opened();
        compressed = settings.compressors().acquire(request);
    }

    boolean hasCompressor() {
        return compressed;
    }

    /** Keeps Vert.x from compressing a stream without a compressor. Called before the headers are sent. */
    void declineCompression() {
        if (!compressed) {
            settings.compressors().leaveUncompressed(request);
        }
    }

    /** Runs last in {@link #release}. */
    void alsoRelease(Runnable release) {
        furtherRelease = release;
    }

    /** Called once, when the stream is closed. */
    void release(Cause cause) {
        if (compressed) {
            settings.compressors().release();
        }
        settings.meters().closed(cause);
        furtherRelease.run();
    }
}
