package dev.runnel.http.connection;

import dev.runnel.metric.RequestMeters;
import dev.runnel.net.http1.ClientChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one verticle instance that have had a request, so that a drain can end them: an idle one at once, a busy
 * one behind its answer. A connection that comes during the drain is served one request. Belongs to the instance's context.
 */
public final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    /** Vert.x wants a bound; ours is whoever calls {@link #abort}. */
    private static final long PATIENCE_DAYS = 1;

    private final BooleanSupplier drainBegins;
    private final RequestMeters meters;
    private final Set<HttpConnection> used = new HashSet<>();
    private final Set<HttpConnection> awaited = new HashSet<>();
    private final Promise<Void> drained = Promise.promise();

    private boolean draining;

    /** @param drainBegins whether {@link #drain} is about to be called: what is answered now is refused already */
    public Connections(BooleanSupplier drainBegins, RequestMeters meters) {
        this.drainBegins = drainBegins;
        this.meters = meters;
    }

    /**
     * A request came in; called before anything is answered.
     *
     * @return whether there is somebody to answer: not where the client has left, or was told that no further request is
     *     answered, and not where it is cut, as it sends request upon request and takes no answers
     */
    public boolean requested(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        ClientChannel channel = ClientChannel.of(connection);
        if (channel.isEnding()) {
            return false;
        }
        channel.requestBegan();
        if (channel.isFlooded()) {
            LOG.debug("connection aborted: its client pipelines requests and reads no answers");
            meters.flooded();
            channel.abort();
            return false;
        }
        if (!channel.isOpen()) {
            // It was pipelined behind one that was answered when the client had left.
            return false;
        }
        keep(connection);
        if (request.version() != HttpVersion.HTTP_2) {
            request.response().headersEndHandler(last -> announceEnd(request.response()));
        }
        return true;
    }

    private void keep(HttpConnection connection) {
        if (used.add(connection)) {
            connection.closeHandler(gone -> closed(connection));
        }
        if (draining) {
            retire(connection);
        }
    }

    /** RFC 9112, section 9.6: the client shall not send its next request into a connection that is about to close. */
    private void announceEnd(HttpServerResponse response) {
        if (draining || drainBegins.getAsBoolean()) {
            response.putHeader("Connection", "close");
        }
    }

    /**
     * Begins to close them; completes when those that were there have answered what they were asked and are closed.
     * Connections that have not had a request yet stay open: that is under way, and gets its refusal.
     */
    public Future<Void> drain() {
        if (!draining) {
            draining = true;
            awaited.addAll(used);
            List.copyOf(used).forEach(Connections::retire);
            completeIfDrained();
        }
        return drained.future();
    }

    /** Closes what {@link #drain} still waits for, with all that is unsent; says how many these were. */
    public int abort() {
        List<HttpConnection> left = List.copyOf(awaited);
        left.forEach(connection -> ClientChannel.of(connection).abort());
        return left.size();
    }

    /** HTTP/1 closes behind the answer that is under way; HTTP/2 says GOAWAY, and closes behind the last one of several. */
    private static void retire(HttpConnection connection) {
        connection.shutdown(PATIENCE_DAYS, TimeUnit.DAYS);
    }

    private void closed(HttpConnection connection) {
        used.remove(connection);
        if (awaited.remove(connection)) {
            completeIfDrained();
        }
    }

    private void completeIfDrained() {
        if (awaited.isEmpty()) {
            drained.tryComplete();
        }
    }
}
