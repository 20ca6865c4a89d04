package dev.runnel.net.http1;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

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

    /**
     * The rule that the head breaks, in the form {@code name: value (expected: rule)} and without anything that the
     * client sent. Empty where Netty found the fault.
     */
    public static Optional<String> brokenRule(HttpServerRequest request) {
        return request.decoderResult().cause() instanceof RequestHeadException broken
                ? Optional.ofNullable(broken.getMessage())
                : Optional.empty();
    }

    /** Whether the request line or the headers are longer than the server's limits. */
    public static boolean isTooLong(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        return cause instanceof TooLongHttpLineException || cause instanceof TooLongHttpHeaderException;
    }
}
