package dev.runnel.engine.openai;

import dev.runnel.net.NettyConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of one chunked HTTP/1.1 response in front of Netty's decoder, so that an event costs neither a message for
 * its chunk nor the way through Vert.x's connection, stream and queue. The head and the last chunk go that way all the same:
 * to Vert.x it is a response with an empty body, and the connection is used again as ever.
 *
 * <p>The body of a response whose head is not plain (100 Continue before it, lines that end in LF alone) goes the general
 * way, and so do a chunk that {@link ChunkFraming} does not know and all behind it. For one event loop.
 */
final class ChunkedBody extends ChannelInboundHandlerAdapter {

    /** Vert.x's name of the handler that only HTTP/1 connections of a client have. */
    private static final String DECODER = "codec";

    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    /** Takes what was read. */
    @FunctionalInterface
    interface Reader {

        /** The body's next bytes, from {@code from} to before {@code end}; valid during the call. */
        void read(byte[] bytes, int from, int end);
    }

    private final Context context;
    private final NettyConnection connection;
    private final byte[] bytes;
    private final Handler<ByteBuf> bodyHandler = this::readBody;
    private final ChunkFraming framing = new ChunkFraming();

    private @Nullable Reader reader;
    private boolean removed;
    /** Whether a whole turn of reading has passed since the reader came. */
    private boolean bodyBegan;
    /** How many bytes of {@link #HEAD_END} have come one behind the other. */
    private int headEnd;
    /** How the last body's bytes ended; broken while, and if, the reader did not come through. */
    private ChunkFraming.Found found = ChunkFraming.Found.NEED_MORE;

    private ChunkedBody(Context context, NettyConnection connection, byte[] bytes) {
        this.context = context;
        this.connection = connection;
        this.bytes = bytes;
    }

    /**
     * Stands in front of the response to a request that is not sent yet; nowhere if that does not come by HTTP/1.1.
     *
     * @param context the reader runs there
     * @param bench what is read with; anybody's between two calls of the reader
     */
    static Optional<ChunkedBody> inFrontOf(HttpClientRequest request, Context context, ParseBuffers bench) {
        if (request.version() != HttpVersion.HTTP_1_1) {
            return Optional.empty();
        }
        NettyConnection connection = NettyConnection.of(request.connection());
        if (connection.channel().pipeline().context(DECODER) == null) {
            // Closed just now: the request will fail by itself.
            return Optional.empty();
        }
        // Counts before the connection's first read.
        connection.channel().config().setRecvByteBufAllocator(bench.connections);
        ChunkedBody body = new ChunkedBody(context, connection, bench.read);
        connection.channel().pipeline().addBefore(DECODER, null, body);
        return Optional.of(body);
    }

    /**
     * Called as Vert.x tells of a chunked response: the reader gets its body, and the response's handler none of it. Without
     * effect where the body goes the general way.
     */
    void take(Reader to) {
        if (headEnd == HEAD_END.length && !removed) {
            reader = to;
            readsItself(true);
        }
    }

    /** While it does, a turn of reading asks for the next one here, and not by the way through all handlers. */
    private void readsItself(boolean itself) {
        connection.channel().config().setAutoRead(!itself);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext channel) {
        removed = true;
        if (reader != null && channel.channel().isActive()) {
            readsItself(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext channel, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (reader == null) {
            readHead(channel, in);
        } else {
            read(channel, in);
        }
    }

    private void readHead(ChannelHandlerContext channel, ByteBuf in) {
        int end = headEnd(in);
        if (end < 0) {
            channel.fireChannelRead(in);
            return;
        }
        if (headEnd == HEAD_END.length) {
            // Within this call Vert.x reads the head and tells of the response.
            channel.fireChannelRead(in.readRetainedSlice(end - in.readerIndex()));
        }
        if (reader == null) {
            leave(channel);
            channel.fireChannelRead(in);
        } else {
            read(channel, in);
        }
    }

    /** What comes from now on goes the general way. */
    private void leave(ChannelHandlerContext channel) {
        if (!channel.isRemoved()) {
            channel.pipeline().remove(this);
        }
    }

    /** Nobody behind has read anything, once the body is read here. */
    @Override
    public void channelReadComplete(ChannelHandlerContext channel) {
        if (reader == null || !bodyBegan) {
            channel.fireChannelReadComplete();
        }
        bodyBegan = reader != null;
        if (bodyBegan) {
            channel.read();
        }
    }

    /** The index behind the head or behind what is not plain in it; -1 where there is neither. */
    private int headEnd(ByteBuf in) {
        for (int at = in.readerIndex(); at < in.writerIndex(); at++) {
            byte next = in.getByte(at);
            if (next == HEAD_END[headEnd]) {
                headEnd++;
            } else if (next == '\n') {
                headEnd = 0;
                return at + 1;
            } else {
                headEnd = next == '\r' ? 1 : 0;
            }
            if (headEnd == HEAD_END.length) {
                return at + 1;
            }
        }
        return -1;
    }

    private void read(ChannelHandlerContext channel, ByteBuf in) {
        try {
            int before = in.readableBytes();
            found = ChunkFraming.Found.BROKEN;
            NettyConnection.run(context, in, bodyHandler);
            connection.countRead(before - in.readableBytes());
            if (found == ChunkFraming.Found.OTHER) {
                leave(channel);
                channel.fireChannelRead(framing.unread());
                channel.fireChannelRead(in.readRetainedSlice(in.readableBytes()));
            } else if (found == ChunkFraming.Found.BROKEN) {
                leave(channel);
                channel.fireExceptionCaught(
                        new CorruptedFrameException("a chunk without its end, or a reader that failed"));
            }
        } finally {
            in.release();
        }
    }

    /** Tells the data of all chunks at once, as far as it fits. */
    private void readBody(ByteBuf in) {
        ChunkFraming.Found next;
        do {
            int end = Math.min(in.readableBytes(), bytes.length);
            in.readBytes(bytes, 0, end);
            next = readChunks(end);
            in.readerIndex(in.readerIndex() - (end - framing.at()));
        } while (next == ChunkFraming.Found.NEED_MORE && in.isReadable());
        found = next;
    }

    /** What lies between the data of one chunk and the next is moved out of the way. */
    private ChunkFraming.Found readChunks(int end) {
        framing.begin();
        int from = 0;
        int dataEnd = 0;
        ChunkFraming.Found next;
        while ((next = framing.next(bytes, end)) == ChunkFraming.Found.DATA) {
            int at = framing.at();
            int length = framing.passData(end);
            if (dataEnd == 0) {
                from = at;
                dataEnd = at;
            } else {
                System.arraycopy(bytes, at, bytes, dataEnd, length);
            }
            dataEnd += length;
        }
        if (dataEnd > 0 && reader != null) {
            reader.read(bytes, from, dataEnd);
        }
        return next;
    }
}
