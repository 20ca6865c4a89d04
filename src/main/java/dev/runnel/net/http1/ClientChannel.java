package dev.runnel.net.http1;

import dev.runnel.net.NettyConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection as Netty sees it, for what the API of Vert.x (5.0.12) cannot do:
 *
 * <ul>
 *   <li>close the connection of a client that does not read ({@code close}, {@code shutdown} and {@code reset} wait for
 *       the flush without a limit),
 *   <li>see whether such a client accepts a part of a large write,
 *   <li>reset a stream whose end waits for the client,
 *   <li>send bytes that are an HTTP chunk already,
 *   <li>close a connection without a request, and suspend that while a response is due.
 * </ul>
 *
 * <p>Where the names in the pipeline are not {@linkplain PipelineNames known}, the handlers stay as Vert.x made them
 * and events go the general path. Every method is called on the connection's event loop.
 */
public final class ClientChannel {

    /** With more unsent bytes than this, further requests count as a flood. */
    private static final long MAX_UNSENT_BYTES = 1024 * 1024;
    /** What may be pipelined after a request whose response alone is larger than that. */
    private static final int MAX_FLOOD_REQUESTS = 64;

    private static final AttributeKey<ClientChannel> ATTRIBUTE = AttributeKey.valueOf(ClientChannel.class, "channel");

    /** The {@link #position} of a socket that has accepted all that was flushed. */
    public static final long ALL_ACCEPTED = 0;

    private static final Future<Void> WRITTEN = Future.succeededFuture();
    private static final Future<Void> CLOSED = Future.failedFuture("the connection is closed");

    private final NettyConnection connection;
    private final Channel channel;
    private final boolean knownPipeline;
    private final RequestDeadline deadline;
    /** The encoder of HTTP messages; {@code null} over HTTP/2 and in an unknown pipeline. */
    private final @Nullable ChannelHandlerContext encoder;
    /** Accepts bytes as the client is to get them; {@code null} with TLS, and without a native transport. */
    private final EventBuffer.@Nullable Outlet socket;

    private boolean ending;
    private int unanswered;
    /** Requests in a row that arrived while too much was unsent. */
    private int floodRequests;

    private ClientChannel(NettyConnection connection) {
        this.connection = connection;
        this.channel = connection.channel();
        this.knownPipeline = PipelineNames.match(channel.pipeline());
        this.deadline = new RequestDeadline(channel, this::unsentBytes);
        this.encoder = knownPipeline ? channel.pipeline().context(PipelineNames.ENCODER) : null;
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

    /** Checks the calling thread, for an assertion. */
    private boolean isOnLoop() {
        return channel.eventLoop().inEventLoop();
    }

    /** Whether Vert.x's pipeline is the one that this class knows; else the general path is used. */
    public boolean hasKnownPipeline() {
        return knownPipeline;
    }

    public boolean isOpen() {
        return channel.isActive();
    }

    /**
     * The response that is going to be written announces the end of an HTTP/1 connection. The client sees no reset at
     * the close, though it may still send.
     */
    public void announceEnd() {
        assert isOnLoop() : Thread.currentThread();
        ending = true;
        LingeringClose.install(channel);
    }

    /** Whether the end was announced: no further request is answered or processed (RFC 9112, section 9.6). */
    public boolean isEnding() {
        return ending;
    }

    /** The connection is closed if the whole head of a request does not arrive within this time. */
    public void expectRequest(Duration limit) {
        assert isOnLoop() : Thread.currentThread();
        deadline.start(limit);
    }

    /** A request arrived: from now on the client is not idle. Called before the request is answered. */
    public void requestStarted() {
        assert isOnLoop() : Thread.currentThread();
        unanswered++;
        deadline.stop();
        if (encoder != null && unsentBytes() > MAX_UNSENT_BYTES) {
            // While requests are read Vert.x writes without a flush.
            channel.flush();
            floodRequests++;
        } else {
            floodRequests = 0;
        }
    }

    /**
     * Whether an HTTP/1 client has pipelined many requests and not read the responses, which Vert.x would keep without
     * a limit.
     */
    public boolean isFlooded() {
        return floodRequests > MAX_FLOOD_REQUESTS;
    }

    /**
     * A request was answered. The connection is closed if no other request arrives within {@code idle}, unless the
     * client is still reading the response.
     */
    public void requestEnded(Duration idle) {
        assert isOnLoop() : Thread.currentThread();
        unanswered--;
        if (unanswered == 0) {
            deadline.start(idle);
        }
    }

    /**
     * What the client has not accepted yet. While nothing new is written it only falls, and each byte that the kernel
     * accepts makes it fall.
     */
    public long unsentBytes() {
        assert isOnLoop() : Thread.currentThread();
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound == null ? 0 : outbound.totalPendingWriteBytes() - outbound.currentProgress();
    }

    /**
     * Which bytes the socket accepts next, as a value that can only be compared. Each byte that the kernel accepts
     * changes it; a later write does not. Netty's {@code IdleStateHandler} compares the same. A buffer that was used
     * again may rarely look as if nothing had changed.
     */
    public long position() {
        assert isOnLoop() : Thread.currentThread();
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        Object next = outbound == null ? null : outbound.current();
        return next == null
                ? ALL_ACCEPTED
                : ((long) System.identityHashCode(next) << Integer.SIZE) + outbound.currentProgress();
    }

    /** Whether {@link #write} can be used: over HTTP/1 with a known pipeline. */
    public boolean acceptsChunks() {
        return encoder != null;
    }

    /**
     * Writes an event as it is, without the encoder of HTTP messages. If nothing waits for the socket, the event goes
     * there at once. What the socket does not accept is queued after all earlier writes. The buffer is free for the
     * next event after this call.
     *
     * @return is already complete if the socket accepted all that was written so far; fails if the connection is closed
     */
    public Future<Void> write(EventBuffer event) {
        assert isOnLoop() : Thread.currentThread();
        if (encoder == null || encoder.isRemoved()) {
            return CLOSED;
        }
        connection.countWritten(event.length());
        int sent = sendAtOnce(event);
        return sent == event.length() ? WRITTEN : writeRest(encoder, event, sent);
    }

    /** How many bytes were sent. A broken socket fails again when the rest is written, and is reported then. */
    private int sendAtOnce(EventBuffer event) {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        if (socket == null || outbound == null || outbound.totalPendingWriteBytes() > 0) {
            return 0;
        }
        return event.sendTo(socket);
    }

    private Future<Void> writeRest(ChannelHandlerContext afterEncoder, EventBuffer event, int sent) {
        ByteBuf rest = channel.alloc().directBuffer(event.length() - sent);
        try {
            event.copyTo(rest, sent);
        } catch (RuntimeException | Error e) {
            rest.release();
            throw e;
        }
        ChannelFuture written = afterEncoder.writeAndFlush(rest);
        return written.isSuccess() ? WRITTEN : whenDone(written);
    }

    private static Future<Void> whenDone(ChannelFuture written) {
        Promise<Void> completed = Promise.promise();
        written.addListener(done -> {
            if (done.isSuccess()) {
                completed.complete();
            } else {
                completed.fail(done.cause());
            }
        });
        return completed.future();
    }

    /** Closes an HTTP/1 connection after all that was written, as after {@link #announceEnd}. */
    public void closeAfterWrites() {
        assert isOnLoop() : Thread.currentThread();
        LingeringClose.install(channel);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Closes an HTTP/1 connection. If it has unread input, that is a reset. */
    public void closeNow() {
        assert isOnLoop() : Thread.currentThread();
        LingeringClose.skip(channel);
    }

    /** Closes at once and drops what is unsent, here and in the kernel (a reset in place of a FIN). */
    public void abort() {
        assert isOnLoop() : Thread.currentThread();
        NettyConnection.abort(channel);
    }

    /** As {@link #abort}, soon. Any thread. */
    public void abortLater() {
        channel.eventLoop().execute(this::abort);
    }

    /**
     * Resets one stream of an HTTP/2 connection, even if the stream's end waits for the client's window: Vert.x
     * considers such a stream closed.
     *
     * @param errorCode as of RFC 9113, section 7
     * @return completes when the socket accepted the reset; fails if the connection is closed
     */
    public Future<Void> reset(int streamId, long errorCode) {
        assert isOnLoop() : Thread.currentThread();
        Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
        if (http2 == null) {
            return CLOSED;
        }
        ChannelHandlerContext context = channel.pipeline().context(http2);
        ChannelFuture reset = http2.resetStream(context, streamId, errorCode, context.newPromise());
        context.flush();
        return whenDone(reset);
    }

    /** Adds an {@link Http1RequestSanitizer} to an HTTP/1 connection with a known pipeline. */
    public void sanitizeRequests() {
        if (encoder != null) {
            channel.pipeline()
                    .addBefore(PipelineNames.CONNECTION, null, new Http1RequestSanitizer(this::closeIfAnswered));
        }
    }

    /** Closes after what was written, where the response of the last request is already complete. */
    private void closeIfAnswered() {
        if (unanswered == 0) {
            closeAfterWrites();
        }
    }
}
