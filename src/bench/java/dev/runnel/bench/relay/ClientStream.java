package dev.runnel.bench.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One stream on a connection of its own. For one event loop. */
final class ClientStream extends SimpleChannelInboundHandler<ByteBuf> implements EventReader.Listener {

    private static final String HEAD_END = "\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 ";

    private final Load load;
    private final int number;
    private final LoadRun run;
    private final long startedMicros = Stamp.nowMicros();
    private final EventReader events;
    private final Lateness lateness;
    private final Unzip unzip;
    private final Chunks chunks;
    private final StringBuilder head = new StringBuilder();

    private boolean inBody;
    private boolean over;

    ClientStream(Load load, int number, LoadRun run) {
        this.load = load;
        this.number = number;
        this.run = run;
        this.events = new EventReader(load, this);
        this.lateness = new Lateness(load.intervalMicros(), load.paced() ? load.tokens() : 0);
        Lines lines = new Lines(events);
        this.unzip = new Unzip(lines);
        this.chunks = new Chunks(load.form().gzip() ? unzip : lines);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ByteBuf request = Unpooled.copiedBuffer(Requests.of(load, number), StandardCharsets.US_ASCII);
        context.writeAndFlush(request).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
        run.received(bytes.readableBytes());
        if (inBody || readHead(bytes)) {
            chunks.feed(bytes);
        }
        if (load.form().leaveAfter() > 0 && events.tokens() >= load.form().leaveAfter()) {
            run.left(number, Stamp.nowMicros());
            over(context, null);
        } else if (chunks.ended()) {
            over(context, events.verdict(load.tokens()));
        }
    }

    private boolean readHead(ByteBuf bytes) {
        int before = head.length();
        head.append(bytes.toString(StandardCharsets.ISO_8859_1));
        int end = head.indexOf(HEAD_END);
        if (end < 0) {
            return false;
        }
        if (!head.toString().startsWith(OK)) {
            throw new IllegalStateException("status " + head.substring(9, 12));
        }
        bytes.skipBytes(end + HEAD_END.length() - before);
        inBody = true;
        return true;
    }

    @Override
    public void event(int ageMicros, int tokens) {
        long now = Stamp.nowMicros();
        int before = events.tokens() - tokens;
        long firstMicros = before == 0 ? now - startedMicros : -1;
        if (load.paced()) {
            lateness.token(before, now);
            run.event(tokens, firstMicros);
        } else {
            run.event(ageMicros, tokens, firstMicros);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        over(context, "a body without its end");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        over(context, cause.getMessage());
    }

    private void over(ChannelHandlerContext context, @Nullable String wrong) {
        if (!over) {
            over = true;
            unzip.close();
            lateness.forEach(run::late);
            context.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
            run.ended(wrong);
        }
    }
}
