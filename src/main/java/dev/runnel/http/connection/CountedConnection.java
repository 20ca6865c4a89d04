package dev.runnel.http.connection;

import dev.runnel.net.AcceptedConnection;
import dev.runnel.net.http1.ClientChannel;
import io.vertx.core.http.HttpConnection;
import java.util.Objects;

/**
 * One connection in the {@link ConnectionAccount}. Its methods are called on the connection's event loop. The account
 * needs no lock once a request had a valid key.
 */
final class CountedConnection {

    private final ConnectionAccount account;

    private final ConnectionAccount.Entry entry;

    private int unanswered;
    private boolean hasKey;

    /** Counts a new connection, with the parameters of {@link ConnectionAccount#opened}. */
    CountedConnection(ConnectionAccount account, String address, Runnable close) {
        this.account = account;
        this.entry = account.opened(address, close);
    }

    /** The connection as it was counted at its accept. If it was not, it is counted now. */
    static CountedConnection of(ConnectionAccount account, HttpConnection connection) {
        return AcceptedConnection.of(connection)
                .flatMap(accepted -> accepted.attachment(CountedConnection.class))
                .orElseGet(() -> counted(account, connection));
    }

    private static CountedConnection counted(ConnectionAccount account, HttpConnection connection) {
        String address = Objects.requireNonNullElse(connection.remoteAddress().hostAddress(), "unknown");
        // Not close(): that waits for a client that does not read.
        return new CountedConnection(account, address, ClientChannel.of(connection)::abortLater);
    }

    void requestStarted() {
        unanswered++;
        if (unanswered == 1 && !hasKey) {
            account.busy(entry);
        }
    }

    /** The key of a request was valid. From now on the connection is only closed for other reasons than a limit. */
    void authenticated() {
        if (!hasKey) {
            hasKey = true;
            account.authenticated(entry);
        }
    }

    void requestEnded() {
        unanswered--;
        if (unanswered == 0 && !hasKey) {
            account.idle(entry);
        }
    }

    void closed() {
        account.closed(entry);
    }
}
