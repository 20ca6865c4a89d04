package dev.runnel.http.connection;

import dev.runnel.metric.ConnectionMeters;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The connections of the management port. Over their limit the one that was idle longest is closed, else the newest. So
 * they never use up the descriptors of the process, and a probe finds room. Belongs to the verticle's context.
 */
public final class ManagementConnections {

    private final ConnectionAccount account;
    private final Map<HttpConnection, CountedConnection> open = new HashMap<>();

    public ManagementConnections(ConnectionMeters meters) {
        this.account = ConnectionAccount.ofManagement(meters);
    }

    /**
     * Counts the connections of the port's server from their accept on. Called before it listens.
     *
     * @param server the options that the server is made with
     */
    public void countAccepted(AcceptedConnections accepted, HttpServerOptions server) {
        accepted.count(server, account);
    }

    /** A client connected; called before the first request is read. Over the limit a connection is closed. */
    public void opened(HttpConnection connection) {
        open.put(connection, CountedConnection.of(account, connection));
        connection.closeHandler(gone -> closed(connection));
    }

    /** A request arrived. {@link #answered} must follow. */
    public void requested(HttpConnection connection) {
        counted(connection).ifPresent(CountedConnection::requestStarted);
    }

    /** A request was answered, or its client has left. */
    public void answered(HttpConnection connection) {
        counted(connection).ifPresent(CountedConnection::requestEnded);
    }

    private Optional<CountedConnection> counted(HttpConnection connection) {
        return Optional.ofNullable(open.get(connection));
    }

    private void closed(HttpConnection connection) {
        Optional.ofNullable(open.remove(connection)).ifPresent(CountedConnection::closed);
    }
}
