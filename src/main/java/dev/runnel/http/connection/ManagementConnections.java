package dev.runnel.http.connection;

import dev.runnel.metric.ConnectionMeters;
import dev.runnel.net.http1.ClientChannel;
import io.vertx.core.http.HttpConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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

    /** A client connected; called before the first request is read. Over the limit a connection is closed. */
    public void opened(HttpConnection connection) {
        String address = Objects.requireNonNullElse(connection.remoteAddress().hostAddress(), "unknown");
        // Not close(): that waits for a client that does not read.
        Runnable close = ClientChannel.of(connection)::abortLater;
        open.put(connection, new CountedConnection(account, address, close));
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
