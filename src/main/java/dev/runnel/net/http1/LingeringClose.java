package dev.runnel.net.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Delays the close of a connection after its last answer. The client gets the end of the connection at once, and may
 * still send. What it sends is dropped until it closes too, for a limited time. Over a limit of bytes nothing more is
 * read in that time. A close with input that is not read would reset the connection, and the client might not see the
 * answer (RFC 9112, section 9.6).
 */
final class LingeringClose extends ChannelDuplexHandler {

    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final int MAX_BYTES = 256 * 1024;

    private int bytes;
    /** {@code null} until the close. */
    private @Nullable Future<?> deadline;

    private LingeringClose() {}

    /** The next close of a connection is delayed. A second call has no effect. */
    static void install(Channel channel) {
        if (channel.isActive() && channel.pipeline().get(LingeringClose.class) == null) {
            channel.pipeline().addFirst(new LingeringClose());
        }
    }

    /** Closes a connection without the delay. */
    static void skip(Channel channel) {
        ChannelHandlerContext context = channel.pipeline().context(LingeringClose.class);
        if (context == null) {
            channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        } else {
            closeBelow(context);
        }
    }

    private static void closeBelow(ChannelHandlerContext context) {
        context.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    /** Called after the flush of what was written. A second call waits for the same end. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        Channel channel = context.channel();
        channel.closeFuture().addListener(closed -> promise.trySuccess());
        if (deadline != null) {
            return;
        }
        deadline = context.executor().schedule(() -> closeBelow(context), LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        channel.config().setAutoRead(true);
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (deadline == null) {
            context.fireChannelRead(message);
            return;
        }
        bytes += message instanceof ByteBuf part ? part.readableBytes() : 0;
        ReferenceCountUtil.release(message);
        if (bytes > MAX_BYTES) {
            context.channel().config().setAutoRead(false);
        }
    }

    /** Vert.x (5.0.12) would close the connection. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event != ChannelOutputShutdownEvent.INSTANCE) {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Future<?> waiting = deadline;
        if (waiting != null) {
            waiting.cancel(false);
        }
        context.fireChannelInactive();
    }
}
