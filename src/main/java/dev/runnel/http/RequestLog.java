package dev.runnel.http;

import dev.runnel.http.connection.RequestId;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorType;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What the log tells of requests: who was refused, and, where the access log is on, every one. Of what a client sent only its
 * request id is repeated, and of its key the id. Belongs to the context of one verticle instance.
 */
final class RequestLog {

    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final Logger ACCESS = LoggerFactory.getLogger("dev.runnel.access");

    private final boolean tellsAll;
    private final LongSupplier nanos;

    /** Those that are not answered yet. */
    private final IdentityHashMap<HttpServerResponse, Visit> visits = new IdentityHashMap<>();

    private static final class Visit {

        private final long beganNanos;
        private String keyId = "";

        Visit(long beganNanos) {
            this.beganNanos = beganNanos;
        }
    }

    /**
     * @param tellsAll whether there is an access log
     * @param nanos a monotonic clock
     */
    RequestLog(boolean tellsAll, LongSupplier nanos) {
        this.tellsAll = tellsAll;
        this.nanos = nanos;
    }

    /** A request came in; {@link #ended} must follow. */
    void began(HttpServerRequest request) {
        visits.put(request.response(), new Visit(nanos.getAsLong()));
    }

    /** It is known whose it is. */
    void identified(HttpServerRequest request, String keyId) {
        Visit visit = visits.get(request.response());
        if (visit != null) {
            visit.keyId = keyId;
        }
    }

    /** It is answered with an error. The message is for the client alone, as it may repeat what the client sent. */
    void refused(HttpServerRequest request, ErrorResponse answer) {
        Visit visit = visits.get(request.response());
        LoggingEventBuilder line = LOG.atLevel(level(answer.status())).addKeyValue("request", RequestId.of(request));
        if (visit != null && !visit.keyId.isEmpty()) {
            line = line.addKeyValue("key", visit.keyId);
        }
        if (answer.type() == ErrorType.AUTHENTICATION) {
            line = line.addKeyValue("reason", answer.message());
        }
        String code = answer.code() == null ? "" : " (" + answer.code() + ")";
        line.log("answered {}: {}{}", answer.status(), answer.type().wireName(), code);
    }

    private static Level level(int status) {
        if (status >= 500) {
            return Level.WARN;
        }
        return status == 401 || status == 403 || status == 429 ? Level.INFO : Level.DEBUG;
    }

    /** It is answered, or its client has left. */
    void ended(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        Visit visit = visits.remove(response);
        if (visit == null || !tellsAll) {
            return;
        }
        String generation = response.headers().get("X-Generation-Id");
        LoggingEventBuilder line = ACCESS.atInfo()
                .addKeyValue("method", RouteNames.of(request.method()))
                .addKeyValue("route", RouteNames.of(request.path()));
        if (response.headWritten()) {
            line = line.addKeyValue("status", response.getStatusCode());
        }
        if (generation == null) {
            // Of a stream Vert.x does not see every byte: see ChunkWriter.
            line = line.addKeyValue("bytes", response.bytesWritten());
        }
        line = line.addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - visit.beganNanos))
                .addKeyValue("request", RequestId.of(request))
                .addKeyValue("key", visit.keyId);
        if (generation != null) {
            line = line.addKeyValue("generation", generation);
        }
        line.log(response.ended() ? "answered" : "client left");
    }
}
