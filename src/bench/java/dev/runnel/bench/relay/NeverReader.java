package dev.runnel.bench.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/** A client that sends one request and never reads. Its channel does not read by itself. For one event loop. */
final class NeverReader extends SimpleChannelInboundHandler<ByteBuf> {

    private final String request;
    private final LongConsumer ended;
    private long startedMicros;

    /** @param ended receives the microseconds from the request to the end of the connection */
    NeverReader(String request, LongConsumer ended) {
        this.request = request;
        this.ended = ended;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        startedMicros = Stamp.nowMicros();
        context.writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII))
                .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    /** Netty reads a connection that was reset, to see the error. */
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
        bytes.skipBytes(bytes.readableBytes());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended.accept(Stamp.nowMicros() - startedMicros);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
}
