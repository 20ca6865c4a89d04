package dev.runnel.bench.attack;

import dev.runnel.sse.HttpWire;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A connection to the service that is opened again when it was closed. For one thread, but for {@link #close}. */
final class Line implements AutoCloseable {

    private final int port;
    private volatile @Nullable HttpWire wire;
    private volatile boolean closed;

    /** @param port on this machine */
    Line(int port) {
        this.port = port;
    }

    /** Uses the connection, and returns what the use returns, or how the connection failed. */
    String use(Function<HttpWire, String> use) {
        try {
            return use.apply(connected());
        } catch (UncheckedIOException e) {
            drop();
            return word(e);
        }
    }

    private HttpWire connected() {
        HttpWire open = wire;
        if (open == null) {
            open = new HttpWire(port);
            wire = open;
        }
        if (closed) {
            throw new UncheckedIOException(new ClosedChannelException());
        }
        return open;
    }

    private static String word(UncheckedIOException e) {
        if (e.getCause() instanceof ConnectException) {
            return "no connection";
        }
        return e.getCause() instanceof SocketTimeoutException ? "no answer in 20 s" : "closed";
    }

    /** Closes the connection for good. */
    @Override
    public void close() {
        closed = true;
        drop();
    }

    /** Closes the connection; the next use opens another one. */
    void drop() {
        HttpWire open = wire;
        wire = null;
        if (open != null) {
            open.close();
        }
    }
}
