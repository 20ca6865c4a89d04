package dev.runnel.bench.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client that sends its request byte by byte, and reads the whole answer. For one event loop. */
final class SlowSender extends SimpleChannelInboundHandler<ByteBuf> {

    private static final int STATUS_FROM = 9;
    private static final int STATUS_END = 12;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final byte[] request;
    private final int pauseMillis;
    private final Consumer<String> ended;
    private final StringBuilder statusLine = new StringBuilder();
    private @Nullable Future<?> nextByte;
    private long startedMicros;
    private int sent;

    /** @param ended receives the status, and the whole seconds from connecting to the end of the connection */
    SlowSender(String request, int pauseMillis, Consumer<String> ended) {
        this.request = request.getBytes(StandardCharsets.US_ASCII);
        this.pauseMillis = pauseMillis;
        this.ended = ended;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        startedMicros = Stamp.nowMicros();
        nextByte = context.executor().scheduleAtFixedRate(() -> send(context), 0, pauseMillis, TimeUnit.MILLISECONDS);
    }

    private void send(ChannelHandlerContext context) {
        if (sent < request.length) {
            var unused = context.writeAndFlush(Unpooled.wrappedBuffer(request, sent++, 1), context.voidPromise());
        } else {
            stop();
        }
    }

    private void stop() {
        if (nextByte != null) {
            nextByte.cancel(false);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
        int missing = Math.max(0, STATUS_END - statusLine.length());
        int length = Math.min(missing, bytes.readableBytes());
        statusLine.append(bytes.toString(bytes.readerIndex(), length, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        String status = statusLine.length() < STATUS_END ? "no answer" : statusLine.substring(STATUS_FROM, STATUS_END);
        ended.accept(status + " after " + (Stamp.nowMicros() - startedMicros) / MICROS_PER_SECOND + " s");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var unused = context.close();
    }
}
