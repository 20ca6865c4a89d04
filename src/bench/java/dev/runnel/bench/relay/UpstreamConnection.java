package dev.runnel.bench.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection to the upstream: accepts requests one after the other, and answers each with a stream. How fast that
 * comes is in the prompt: {@code interval=20000 number=17}, microseconds and the reader's number for it.
 */
final class UpstreamConnection extends SimpleChannelInboundHandler<ByteBuf> {

    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern INTERVAL = Pattern.compile("interval=(\\d+)");
    private static final Pattern NUMBER = Pattern.compile("number=(\\d+)");
    private static final Pattern TOKENS = Pattern.compile("\"max_tokens\": *(\\d+)");
    private static final String HEAD_END = "\r\n\r\n";
    private static final int NANOS_PER_MICRO = 1000;

    private final Channel channel;
    private final Pacer pacer;
    private final UpstreamBook book;
    private final UpstreamFormat format;
    private final StringBuilder request = new StringBuilder();

    private boolean streaming;
    private int number;
    private int tokens;
    private int sent;
    private long intervalNanos;
    private long dueNanos;

    UpstreamConnection(Channel channel, Pacer pacer, UpstreamBook book, UpstreamFormat format) {
        this.channel = channel;
        this.pacer = pacer;
        this.book = book;
        this.format = format;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
        request.append(bytes.toString(StandardCharsets.ISO_8859_1));
        takeRequest();
    }

    private void takeRequest() {
        int head = request.indexOf(HEAD_END);
        if (streaming || head < 0) {
            return;
        }
        int bodyFrom = head + HEAD_END.length();
        int end = bodyFrom + number(LENGTH, request.substring(0, head), 0);
        if (request.length() < end) {
            return;
        }
        String taken = request.substring(0, end);
        request.delete(0, end);
        if (taken.startsWith("GET /active")) {
            write(UpstreamFormat.answer(Integer.toString(book.active())));
        } else if (taken.startsWith("GET /closed")) {
            write(UpstreamFormat.answer(book.takeClosed()));
        } else {
            begin(taken.substring(bodyFrom));
        }
    }

    private static int number(Pattern pattern, String text, int otherwise) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
    }

    private void begin(String body) {
        streaming = true;
        book.began();
        number = number(NUMBER, body, 0);
        tokens = number(TOKENS, body, 16);
        sent = 0;
        intervalNanos = (long) number(INTERVAL, body, 0) * NANOS_PER_MICRO;
        dueNanos = System.nanoTime();
        write(UpstreamFormat.HEAD);
        next();
    }

    private void next() {
        if (!streaming) {
            return;
        }
        if (sent == tokens) {
            write(UpstreamFormat.end(tokens));
            streaming = false;
            book.ended();
            takeRequest();
            return;
        }
        write(format.token(sent == 0));
        sent++;
        dueNanos += intervalNanos;
        pacer.at(dueNanos, this::next);
    }

    private void write(byte[] bytes) {
        channel.writeAndFlush(channel.alloc().directBuffer(bytes.length).writeBytes(bytes))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (streaming) {
            streaming = false;
            book.closed(number);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A reset: the client left.
        context.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
}
