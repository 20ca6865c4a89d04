package dev.runnel.http.connection;

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
