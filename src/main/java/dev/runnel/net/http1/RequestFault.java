package dev.runnel.net.http1;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;

/** What Netty found wrong with an HTTP/1 request. */
public final class RequestFault {

    private RequestFault() {}

    /** Whether the request line or the headers are longer than the server's limits. */
    public static boolean isTooLong(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        return cause instanceof TooLongHttpLineException || cause instanceof TooLongHttpHeaderException;
    }
}
