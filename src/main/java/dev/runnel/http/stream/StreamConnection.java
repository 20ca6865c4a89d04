package dev.runnel.http.stream;

import dev.runnel.http.connection.RequestId;
import dev.runnel.net.http1.ClientChannel;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client's end of a stream, over HTTP/1 or HTTP/2. For the connection's event loop. */
record StreamConnection(HttpServerRequest request, ClientChannel channel) {

    private static final Logger LOG = LoggerFactory.getLogger(StreamConnection.class);

    /** RFC 9113, section 7: INTERNAL_ERROR and CANCEL. */
    private static final long HTTP2_INTERNAL_ERROR = 2;

    static final long HTTP2_CANCEL = 8;

    /** Whether other streams may share the connection. */
    boolean sharesConnection() {
        return request.version() == HttpVersion.HTTP_2;
    }

    boolean isClosed() {
        return !channel.isOpen() || (sharesConnection() && request.response().closed());
    }

    /** Disconnects a client that reads nothing. */
    void disconnect(StallDetector.Stall stall) {
        if (stall == StallDetector.Stall.CONNECTION) {
            channel.abort();
        } else {
            cut(HTTP2_CANCEL);
        }
    }

    /** As {@link #cut(long)}, for a stream that cannot be written. */
    void cut(Throwable cause) {
        cut(HTTP2_INTERNAL_ERROR);
        LOG.atError()
                .addKeyValue("request", RequestId.of(request))
                .setCause(cause)
                .log("a stream was cut: it could not be written");
    }

    /**
     * Ends the stream without a terminal event, so that the client does not consider it complete. The connection is
     * closed too, unless other streams may share it.
     */
    void cut(long http2Error) {
        if (sharesConnection()) {
            channel.reset(request.response().streamId(), http2Error);
        } else {
            channel.abort();
        }
    }
}
