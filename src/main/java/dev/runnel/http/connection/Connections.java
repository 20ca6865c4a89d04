package dev.runnel.http.connection;

import dev.runnel.metric.RequestMeters;
import dev.runnel.net.OnContext;
import dev.runnel.net.http1.ClientChannel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one verticle instance, each counted in the process's {@link ConnectionAccount}. Of those that have
 * had a request, a drain closes an idle one at once, and a busy one after its response. A connection that opens during
 * the drain is served one request. Belongs to the instance's context.
 */
public final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    /** Vert.x requires a limit; ours is {@link #abort}. */
    private static final long SHUTDOWN_DAYS = 1;

    private final Context context;
    private final BooleanSupplier drainStarts;
    private final RequestMeters meters;
    private final ConnectionAccount account;
    private final ConnectionDeadlines deadlines;
    private final Map<HttpConnection, CountedConnection> open = new HashMap<>();

    // In the order of the connections: a hash of objects would drain them in another order in each run.
    private final Set<HttpConnection> used = new LinkedHashSet<>();
    private final Set<HttpConnection> awaited = new LinkedHashSet<>();

    private Promise<Void> drained = Promise.promise();

    private boolean draining;
    /** Whether an unknown pipeline was logged. */
    private boolean warned;

    /**
     * @param context of the instance
     * @param drainStarts whether {@link #drain} is about to be called: new generations are refused already
     * @param account the one of the process
     */
    public Connections(
            Context context,
            BooleanSupplier drainStarts,
            RequestMeters meters,
            ConnectionAccount account,
            ConnectionDeadlines deadlines) {
        this.context = context;
        this.drainStarts = drainStarts;
        this.meters = meters;
        this.account = account;
        this.deadlines = deadlines;
    }

    /**
     * Counts the connections of the instance's server from their accept on. Called before it listens.
     *
     * @param server the options that the server is made with
     */
    public void countAccepted(AcceptedConnections accepted, HttpServerOptions server) {
        accepted.count(server, account);
    }

    /** A client connected; called before the first request is read. Over a limit a connection is closed. */
    public void opened(HttpConnection connection) {
        assert OnContext.checkLoop(context);
        ClientChannel channel = ClientChannel.of(connection);
        open.put(connection, CountedConnection.of(account, connection));
        connection.closeHandler(gone -> closed(connection));
        channel.sanitizeRequests();
        channel.expectRequest(deadlines.firstRequest());
        if (!channel.hasKnownPipeline()) {
            meters.unknownPipeline();
            if (!warned) {
                warned = true;
                LOG.warn("connections use the slower general path: this version of Vert.x names the handlers of a"
                        + " connection in another way (expected: Vert.x 5.0.12)");
            }
        }
    }

    /**
     * A request arrived; called before anything is answered. {@link #answered} must follow if it is to be answered.
     *
     * @return whether the request is to be answered: not if the client has left, or if the end of the connection was
     *     announced. Also not if the connection is cut here, as its client sends many requests and reads no responses
     */
    public boolean requested(HttpServerRequest request) {
        assert OnContext.checkLoop(context);
        HttpConnection connection = request.connection();
        ClientChannel channel = ClientChannel.of(connection);
        if (channel.isEnding()) {
            return false;
        }
        channel.requestStarted();
        if (channel.isFlooded()) {
            LOG.debug("connection aborted: its client pipelines requests and reads no responses");
            meters.flooded();
            channel.abort();
            return false;
        }
        if (!channel.isOpen()) {
            // It was pipelined after a request that was answered when the client had left.
            return false;
        }
        counted(connection).ifPresent(CountedConnection::requestStarted);
        keep(connection);
        return true;
    }

    /** The key of a request on this connection is valid. */
    public void authenticated(HttpConnection connection) {
        assert OnContext.checkLoop(context);
        counted(connection).ifPresent(CountedConnection::authenticated);
    }

    /** A request was answered. Without another request in time, the connection is closed. */
    public void answered(HttpConnection connection) {
        assert OnContext.checkLoop(context);
        counted(connection).ifPresent(CountedConnection::requestEnded);
        ClientChannel.of(connection).requestEnded(deadlines.nextRequest());
    }

    private Optional<CountedConnection> counted(HttpConnection connection) {
        return Optional.ofNullable(open.get(connection));
    }

    private void keep(HttpConnection connection) {
        used.add(connection);
        if (draining) {
            retire(connection);
        }
    }

    /**
     * Called as the head of a response is written. The client must not send its next request on a connection that is
     * about to close (RFC 9112, section 9.6).
     */
    public void lastHeaders(HttpServerRequest request) {
        assert OnContext.checkLoop(context);
        boolean announces = draining || drainStarts.getAsBoolean();
        if (announces && request.version() != HttpVersion.HTTP_2) {
            request.response().putHeader("Connection", "close");
        }
    }

    /** A drain waits for the response on this connection, also a drain that has started. */
    public void await(HttpConnection connection) {
        assert OnContext.checkLoop(context);
        if (draining && open.containsKey(connection)) {
            awaited.add(connection);
        }
    }

    /**
     * Starts to close the connections. Connections without a request yet stay open: their request is on its way, and is
     * refused. A later call waits for what {@link #await} has added since.
     *
     * @return completes when all earlier requests are answered and their connections are closed
     */
    public Future<Void> drain() {
        assert OnContext.checkLoop(context);
        if (!draining) {
            draining = true;
            awaited.addAll(used);
            List.copyOf(used).forEach(Connections::retire);
        } else if (drained.future().isComplete()) {
            drained = Promise.promise();
        }
        completeIfDrained();
        return drained.future();
    }

    /**
     * Closes what {@link #drain} still waits for, with all that is unsent, and returns how many connections that were.
     */
    public int abort() {
        assert OnContext.checkLoop(context);
        List<HttpConnection> left = List.copyOf(awaited);
        left.forEach(connection -> ClientChannel.of(connection).abort());
        return left.size();
    }

    /** HTTP/1 closes after the current response. HTTP/2 sends GOAWAY, and closes after the last of several. */
    private static void retire(HttpConnection connection) {
        connection.shutdown(SHUTDOWN_DAYS, TimeUnit.DAYS);
    }

    private void closed(HttpConnection connection) {
        assert OnContext.checkLoop(context);
        counted(connection).ifPresent(CountedConnection::closed);
        open.remove(connection);
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
