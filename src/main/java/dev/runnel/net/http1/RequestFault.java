package dev.runnel.net.http1;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;

/** What Netty found wrong with an HTTP/1 request. */
public final class RequestFault {

    private RequestFault() {}

    /**
     * Whether the request is not well-formed. Of a body this is known at its end, which is then where the body broke:
     * no further request arrives on the connection.
     */
    public static boolean isMalformed(HttpServerRequest request) {
        return request.decoderResult().isFailure();
    }

    /** Whether the request line or the headers are longer than the server's limits. */
    public static boolean isTooLong(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        return cause instanceof TooLongHttpLineException || cause instanceof TooLongHttpHeaderException;
    }
}
