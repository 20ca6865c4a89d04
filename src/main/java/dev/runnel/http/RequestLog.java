package dev.runnel.http;

import dev.runnel.http.connection.RequestId;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorType;
import dev.runnel.net.KnownMethods;
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
 * Logs refusals, and every request where the access log is on. Of what a client sent, a line repeats only the request
 * id and the id of the key. Belongs to the context of one verticle instance.
 */
final class RequestLog {

    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final Logger ACCESS = LoggerFactory.getLogger("dev.runnel.access");

    private final boolean logsAccess;
    private final LongSupplier nanos;

    /** The requests that are not answered yet. */
    private final IdentityHashMap<HttpServerResponse, Entry> entries = new IdentityHashMap<>();

    private static final class Entry {

        private final long startNanos;
        private String route = RouteTemplate.NONE;
        private String keyId = "";

        Entry(long startNanos) {
            this.startNanos = startNanos;
        }
    }

    /**
     * @param logsAccess whether every request is logged
     * @param nanos a monotonic clock
     */
    RequestLog(boolean logsAccess, LongSupplier nanos) {
        this.logsAccess = logsAccess;
        this.nanos = nanos;
    }

    /** A request arrived; {@link #ended} must follow. */
    void started(HttpServerRequest request) {
        entries.put(request.response(), new Entry(nanos.getAsLong()));
    }

    /** The path of a request matched this template. */
    void routed(HttpServerRequest request, String template) {
        Entry entry = entries.get(request.response());
        if (entry != null) {
            entry.route = template;
        }
    }

    /** The key of a request is valid. */
    void authenticated(HttpServerRequest request, String keyId) {
        Entry entry = entries.get(request.response());
        if (entry != null) {
            entry.keyId = keyId;
        }
    }

    /** A request is answered with an error. Its message may repeat what the client sent, so the log omits it. */
    void refused(HttpServerRequest request, ErrorResponse answer) {
        Entry entry = entries.get(request.response());
        LoggingEventBuilder line = LOG.atLevel(level(answer.status())).addKeyValue("request", RequestId.of(request));
        if (entry != null && !entry.keyId.isEmpty()) {
            line = line.addKeyValue("key", entry.keyId);
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

    /** A request is answered, or its client has left. */
    void ended(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        Entry entry = entries.remove(response);
        if (entry == null || !logsAccess) {
            return;
        }
        String generation = response.headers().get("X-Generation-Id");
        LoggingEventBuilder line = ACCESS.atInfo()
                .addKeyValue("method", KnownMethods.nameOr(request.method(), "OTHER"))
                .addKeyValue("route", entry.route);
        if (response.headWritten()) {
            line = line.addKeyValue("status", response.getStatusCode());
        }
        if (!response.isChunked()) {
            // Vert.x does not count every byte of a stream: see ChunkWriter.
            line = line.addKeyValue("bytes", response.bytesWritten());
        }
        line = line.addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - entry.startNanos))
                .addKeyValue("request", RequestId.of(request))
                .addKeyValue("key", entry.keyId);
        if (generation != null) {
            line = line.addKeyValue("generation", generation);
        }
        line.log(response.ended() ? "answered" : "client left");
    }
}
