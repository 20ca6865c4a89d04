package dev.runnel.net;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection of a server from its accept on, before a TLS handshake. Belongs to the connection's event loop. */
public final class AcceptedConnection {

    private static final AttributeKey<AcceptedConnection> ATTRIBUTE =
            AttributeKey.valueOf(AcceptedConnection.class, "accepted");

    private final Channel channel;
    private @Nullable Object attachment;

    private AcceptedConnection(Channel channel) {
        this.channel = channel;
    }

    static AcceptedConnection of(Channel channel) {
        AcceptedConnection accepted = new AcceptedConnection(channel);
        channel.attr(ATTRIBUTE).set(accepted);
        return accepted;
    }

    /** The same connection as Vert.x shows it later; empty if its accept was not reported. */
    public static Optional<AcceptedConnection> of(HttpConnection connection) {
        return Optional.ofNullable(
                NettyConnection.of(connection).channel().attr(ATTRIBUTE).get());
    }

    /** The client's IP address, or {@code unknown}. */
    public String address() {
        SocketAddress remote = channel.remoteAddress();
        return remote instanceof InetSocketAddress inet && !inet.isUnresolved()
                ? inet.getAddress().getHostAddress()
                : "unknown";
    }

    /** Keeps an object with the connection, in place of the one before. */
    public void attach(Object object) {
        attachment = object;
    }

    /** The object that was attached, if it is of this class. */
    public <T> Optional<T> attachment(Class<T> type) {
        return Optional.ofNullable(attachment).filter(type::isInstance).map(type::cast);
    }

    /** Runs a task once the connection is closed, on its event loop. */
    public void onClose(Runnable task) {
        channel.closeFuture().addListener(closed -> task.run());
    }

    /** Closes soon and drops what is unsent. Any thread. */
    public void abortLater() {
        channel.eventLoop().execute(() -> NettyConnection.abort(channel));
    }
}
