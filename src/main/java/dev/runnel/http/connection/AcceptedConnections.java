package dev.runnel.http.connection;

import dev.runnel.net.AcceptTransport;
import dev.runnel.net.AcceptedConnection;
import io.vertx.core.VertxBuilder;
import io.vertx.core.http.HttpServerOptions;

/**
 * Counts the connections of the ports from their accept on, so that a client without a TLS handshake has the limits of
 * every other. One for each Vert.x; any thread. In a Vert.x that was made without it, a connection counts once its
 * handshake is complete.
 */
public final class AcceptedConnections {

    private final AcceptTransport transport = new AcceptTransport();

    /** Makes Vert.x show accepted connections. */
    public VertxBuilder into(VertxBuilder builder) {
        return builder.withTransport(transport);
    }

    /**
     * Counts the connections of a server in an account. Called before the server listens.
     *
     * @param server the options that the server is made with
     */
    void count(HttpServerOptions server, ConnectionAccount account) {
        transport.report(server, accepted -> count(accepted, account));
    }

    private static void count(AcceptedConnection accepted, ConnectionAccount account) {
        CountedConnection counted = new CountedConnection(account, accepted.address(), accepted::abortLater);
        accepted.attach(counted);
        accepted.onClose(counted::closed);
    }
}
