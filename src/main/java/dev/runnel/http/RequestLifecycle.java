package dev.runnel.http;

import dev.runnel.http.connection.Compressors;
import dev.runnel.http.connection.Connections;
import dev.runnel.http.connection.RequestId;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.net.http1.ClientChannel;
import dev.runnel.net.http1.RequestFault;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;

/** Surrounds every request: it gets its id, and its connection is not idle until the request is answered. */
final class RequestLifecycle {

    // Optimized: hashed and encoded once, not for each response.
    private static final CharSequence VARY = HttpHeaders.createOptimized("Vary");
    private static final CharSequence ACCEPT_ENCODING = HttpHeaders.createOptimized("Accept-Encoding");
    private static final CharSequence GENERATION_ID = HttpHeaders.createOptimized("X-Generation-Id");

    private final Router router;
    private final ErrorWriter errors;
    private final Connections connections;
    private final Compressors compressors;
    private final RequestLog log;
    private final Cors cors;

    RequestLifecycle(
            Router router,
            ErrorWriter errors,
            Connections connections,
            Compressors compressors,
            RequestLog log,
            Cors cors) {
        this.router = router;
        this.errors = errors;
        this.connections = connections;
        this.compressors = compressors;
        this.log = log;
        this.cors = cors;
    }

    void connected(HttpConnection connection) {
        connections.opened(connection);
    }

    void request(HttpServerRequest request) {
        if (!connections.requested(request)) {
            return;
        }
        start(request);
        // Any answer may be compressed.
        request.response().putHeader(VARY, ACCEPT_ENCODING);
        cors.addHeaders(request);
        request.response().headersEndHandler(last -> lastHeaders(request));
        request.response().endHandler(end -> ended(request));
        try {
            router.handle(request);
        } catch (RuntimeException e) {
            errors.write(request, e);
        }
    }

    /** Vert.x (5.0.12) keeps one handler per response. */
    private void lastHeaders(HttpServerRequest request) {
        connections.lastHeaders(request);
        if (request.response().headers().contains(GENERATION_ID)) {
            // A client may attach during a drain.
            connections.await(request.connection());
        }
        compressors.decide(request);
    }

    private void ended(HttpServerRequest request) {
        // Over HTTP/2, Vert.x (5.0.12) calls this again where a client that has left is answered.
        request.response().endHandler(null);
        log.ended(request);
        connections.answered(request.connection());
        if (RequestFault.isMalformed(request)) {
            // Its body broke while it was answered. Nothing more is read from the connection.
            ClientChannel.of(request.connection()).closeAfterWrites();
        }
    }

    /**
     * Vert.x could not decode a request: no route receives it, and the connection must close. It may wait for the
     * response before it. Where the client has left meanwhile, its own response would never end.
     */
    void undecodable(HttpServerRequest request) {
        ClientChannel channel = ClientChannel.of(request.connection());
        if (channel.isEnding() || !channel.isOpen()) {
            return;
        }
        start(request);
        cors.addHeaders(request);
        compressors.leaveUncompressed(request);
        HttpServerResponse response = request.response();
        response.endHandler(answered -> log.ended(request));
        ErrorResponse answer = RequestFault.isTooLong(request)
                ? ErrorResponse.headTooLong()
                : ErrorResponse.undecodable(RequestFault.brokenRule(request));
        errors.count(answer);
        channel.announceEnd();
        response.setStatusCode(answer.status())
                .putHeader("Content-Type", "application/json")
                .putHeader("Connection", "close")
                .end(answer.json())
                .onComplete(done -> request.connection().close());
    }

    private void start(HttpServerRequest request) {
        log.started(request);
        RequestId.note(request);
    }
}
