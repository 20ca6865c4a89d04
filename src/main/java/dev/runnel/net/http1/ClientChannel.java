package dev.runnel.net.http1;

import dev.runnel.net.NettyConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection as Netty sees it, for what the API of Vert.x (5.0.12) cannot do: get rid of a client that does
 * not read ({@code close}, {@code shutdown} and {@code reset} wait for the flush for ever), see whether such a client
 * takes a part of a large write, reset a stream whose end waits for it, hand it bytes that are an HTTP chunk already,
 * suspend the idle timeout while an answer is due. Every method is called on the connection's event loop.
 */
public final class ClientChannel {

    /** Vert.x's name of the handler that {@code setWriteIdleTimeout} adds. */
    private static final String IDLE_HANDLER = "idle";
    /** Vert.x's name of the handler that is the connection. */
    private static final String CONNECTION_HANDLER = "handler";
    /** Vert.x's name of the handler that only HTTP/1 connections have. */
    private static final String HTTP1_HANDLER = "httpEncoder";

    /** More than this is not kept for a client that asks on and on and does not read. */
    private static final long MOST_UNSENT_BYTES = 1024 * 1024;
    /** What may have been pipelined behind an answer that is itself larger than that. */
    private static final int MOST_REQUESTS_BEHIND = 64;

    private static final AttributeKey<ClientChannel> ATTRIBUTE = AttributeKey.valueOf(ClientChannel.class, "channel");

    /** The {@link #position} of a socket that has taken all that was flushed. */
    public static final long ALL_TAKEN = 0;

    private static final Future<Void> WRITTEN = Future.succeededFuture();
    private static final Future<Void> CLOSED = Future.failedFuture("the connection is closed");

    private final NettyConnection connection;
    private final Channel channel;
    /** The encoder of HTTP messages; {@code null} over HTTP/2. */
    private final @Nullable ChannelHandlerContext encoder;
    /** Takes bytes as the client is to get them; {@code null} with TLS, and without a native transport. */
    private final EventBuffer.@Nullable Outlet socket;

    private boolean ending;
    private int unanswered;
    /** Requests in a row that came while too much was unsent. */
    private int requestsBehind;

    private ClientChannel(NettyConnection connection) {
        this.connection = connection;
        this.channel = connection.channel();
        this.encoder = channel.pipeline().context(HTTP1_HANDLER);
        this.socket = plainSocket(channel);
    }

    private static EventBuffer.@Nullable Outlet plainSocket(Channel channel) {
        boolean isPlain = channel.pipeline().get(SslHandler.class) == null;
        return isPlain && channel instanceof UnixChannel unix && unix.fd() instanceof Socket own ? own::send : null;
    }

    /** Each connection has one. */
    public static ClientChannel of(HttpConnection connection) {
        NettyConnection netty = NettyConnection.of(connection);
        Attribute<ClientChannel> attribute = netty.channel().attr(ATTRIBUTE);
        ClientChannel known = attribute.get();
        if (known != null) {
            return known;
        }
        ClientChannel made = new ClientChannel(netty);
        attribute.set(made);
        return made;
    }

    public boolean isOpen() {
        return channel.isActive();
    }

    /** The client is told that the connection ends with the answer that is being written. */
    public void announceEnd() {
        ending = true;
    }

    /** Whether no further request is answered, nor done, as the client was told (RFC 9112, section 9.6). */
    public boolean isEnding() {
        return ending;
    }

    /** A request came in: silence is not the client's fault from now on. Called before it is answered. */
    public void requestBegan() {
        unanswered++;
        if (channel.pipeline().get(IDLE_HANDLER) != null) {
            channel.pipeline().remove(IDLE_HANDLER);
        }
        if (encoder != null && unsentBytes() > MOST_UNSENT_BYTES) {
            // While requests are read Vert.x writes without a flush.
            channel.flush();
            requestsBehind++;
        } else {
            requestsBehind = 0;
        }
    }

    /**
     * Whether an HTTP/1 client has pipelined request upon request and not taken the answers, which Vert.x would keep
     * without a bound.
     */
    public boolean isFlooded() {
        return requestsBehind > MOST_REQUESTS_BEHIND;
    }

    /**
     * A request was answered: without another one in {@code idle} the connection is closed, unless it is still being
     * taken.
     */
    public void requestEnded(Duration idle) {
        unanswered--;
        ChannelPipeline pipeline = channel.pipeline();
        if (unanswered == 0 && channel.isActive() && pipeline.get(CONNECTION_HANDLER) != null) {
            pipeline.addBefore(CONNECTION_HANDLER, IDLE_HANDLER, new IdleClient(idle));
        }
    }

    /**
     * What the client has not taken yet. While nothing new is written it only falls, and each byte that the kernel
     * accepts makes it fall.
     */
    public long unsentBytes() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound == null ? 0 : outbound.totalPendingWriteBytes() - outbound.currentProgress();
    }

    /**
     * Which bytes the socket takes next, as a value that is only good for being compared: each byte that the kernel
     * accepts changes it, and what is written behind them does not. Netty's {@code IdleStateHandler} compares the same.
     * A buffer that was used again may rarely look as if nothing had changed.
     */
    public long position() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        Object next = outbound == null ? null : outbound.current();
        return next == null
                ? ALL_TAKEN
                : ((long) System.identityHashCode(next) << Integer.SIZE) + outbound.currentProgress();
    }

    /**
     * Writes an event as it is, past the encoder of HTTP messages: to the socket at once where nothing waits for that,
     * and what it does not take behind all that was written before. The buffer is free for the next event then.
     *
     * @return is complete already where the socket took everything that was written so far; fails where it is closed
     */
    public Future<Void> write(EventBuffer event) {
        if (encoder == null || encoder.isRemoved()) {
            return CLOSED;
        }
        connection.countWritten(event.length());
        int sent = sendAtOnce(event);
        return sent == event.length() ? WRITTEN : writeRest(encoder, event, sent);
    }

    /** How many bytes went out; where the socket is broken that shows again, and is told, when the rest is written. */
    private int sendAtOnce(EventBuffer event) {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        if (socket == null || outbound == null || outbound.totalPendingWriteBytes() > 0) {
            return 0;
        }
        return event.sendTo(socket);
    }

    private Future<Void> writeRest(ChannelHandlerContext behindEncoder, EventBuffer event, int sent) {
        ByteBuf rest = channel.alloc().directBuffer(event.length() - sent);
        try {
            event.copyTo(rest, sent);
        } catch (RuntimeException | Error e) {
            rest.release();
            throw e;
        }
        ChannelFuture written = behindEncoder.writeAndFlush(rest);
        return written.isSuccess() ? WRITTEN : whenDone(written);
    }

    private static Future<Void> whenDone(ChannelFuture written) {
        Promise<Void> told = Promise.promise();
        written.addListener(done -> {
            if (done.isSuccess()) {
                told.complete();
            } else {
                told.fail(done.cause());
            }
        });
        return told.future();
    }

    /** Closes now, whatever is unsent, and lets the kernel forget its part of it too (a reset in place of a FIN). */
    public void abort() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.unsafe().close(channel.voidPromise());
    }

    /**
     * Resets one stream of an HTTP/2 connection, also where its end waits for the client's window: Vert.x takes it for
     * over then.
     *
     * @param errorCode as of RFC 9113, section 7
     * @return is complete when the socket took the reset; fails where the connection is closed
     */
    public Future<Void> reset(int streamId, long errorCode) {
        Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
        if (http2 == null) {
            return CLOSED;
        }
        ChannelHandlerContext context = channel.pipeline().context(http2);
        ChannelFuture reset = http2.resetStream(context, streamId, errorCode, context.newPromise());
        context.flush();
        return whenDone(reset);
    }

    /** Looks at what Vert.x is given of an HTTP/1 connection. */
    public void guard() {
        if (encoder != null) {
            channel.pipeline().addBefore(CONNECTION_HANDLER, null, new Http1RequestSanitizer());
        }
    }

    /**
     * Idle is who sends no request and takes no byte of what was answered: the answer's end may be written long before.
     */
    private final class IdleClient extends IdleStateHandler {

        private long unsent = unsentBytes();

        IdleClient(Duration idle) {
            super(0, idle.toMillis(), 0, TimeUnit.MILLISECONDS);
        }

        @Override
        public void flush(ChannelHandlerContext context) throws Exception {
            super.flush(context);
            unsent = unsentBytes();
        }

        @Override
        protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) throws Exception {
            long before = unsent;
            unsent = unsentBytes();
            if (unsent >= before) {
                super.channelIdle(context, event);
            }
        }
    }
}
