package dev.runnel.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * A connection of Vert.x (5.0.12) with its Netty channel. Only this class and {@link OnContext} use Vert.x's internals.
 * The API offers neither the channel nor a way to run something on a context at once. Every method is called on the
 * connection's event loop.
 */
public final class NettyConnection {

    private final ConnectionBase connection;

    private NettyConnection(ConnectionBase connection) {
        this.connection = connection;
    }

    /** Accepts a connection of a server, or an HTTP/1 connection of a client. */
    public static NettyConnection of(HttpConnection connection) {
        return new NettyConnection((ConnectionBase) connection);
    }

    public Channel channel() {
        return connection.channel();
    }

    /** Closes at once and drops what is unsent, here and in the kernel (a reset in place of a FIN). */
    public static void abort(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.unsafe().close(channel.voidPromise());
        }
    }

    /** Counts in Vert.x's metrics what was read without Vert.x. */
    public void countRead(int bytes) {
        connection.reportBytesRead(bytes);
    }

    /** Counts in Vert.x's metrics what was written without Vert.x. */
    public void countWritten(int bytes) {
        connection.reportBytesWritten(bytes);
    }

    /**
     * Runs a handler on a context within this call, as Vert.x does with a connection's input. The context gets what the
     * handler throws.
     *
     * @param context one of the calling event loop
     */
    public static <T> void run(Context context, T argument, Handler<T> handler) {
        ((ContextInternal) context).dispatch(argument, handler);
    }

    /** The event loop of a context. */
    static EventLoop eventLoop(Context context) {
        return ((ContextInternal) context).nettyEventLoop();
    }

    /**
     * Runs a task when the event loop has read all input that is there now, after the other tasks in its queue. The
     * task runs on no context.
     *
     * @param context one of the calling event loop
     */
    public static void atEndOfTurn(Context context, Runnable task) {
        eventLoop(context).execute(task);
    }
}
