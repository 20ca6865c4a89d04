package dev.runnel.net.http1;

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
 * Reads the body of one chunked HTTP/1.1 response before Netty's decoder. So an event costs neither a message for its
 * chunk nor the path through Vert.x's connection, stream and queue. The head and the last chunk still take that path:
 * for Vert.x the response has an empty body, and the connection is reused as usual.
 *
 * <p>Some bodies take the general path. One is that of a response whose head is not plain (100 Continue before it,
 * lines that end in LF alone). Another is a chunk that {@link ChunkFraming} does not know, with everything after it.
 * For one event loop.
 */
public final class ChunkedBody extends ChannelInboundHandlerAdapter {

    /** Vert.x's name of the handler that only HTTP/1 connections of a client have. */
    private static final String DECODER = "codec";

    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

    /** Receives the data of the body. */
    @FunctionalInterface
    public interface Reader {

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
    /** Whether a whole turn of reading has passed since the reader was set. */
    private boolean bodyStarted;
    /** How many bytes of {@link #HEAD_END} have arrived in a row. */
    private int headEnd;
    /** How the last bytes of the body ended; broken while the reader runs, and if it throws. */
    private ChunkFraming.Found found = ChunkFraming.Found.NEED_MORE;

    private ChunkedBody(Context context, NettyConnection connection, byte[] bytes) {
        this.context = context;
        this.connection = connection;
        this.bytes = bytes;
    }

    /**
     * Adds a reader of the response to a request that is not sent yet; empty if its connection does not use HTTP/1.1.
     *
     * @param context the reader runs there
     * @param connections the buffer that the connection reads into
     * @param bytes where the data of chunks is gathered; free for other use between two calls of the reader
     */
    public static Optional<ChunkedBody> before(
            HttpClientRequest request, Context context, ReadBuffer connections, byte[] bytes) {
        if (request.version() != HttpVersion.HTTP_1_1) {
            return Optional.empty();
        }
        NettyConnection connection = NettyConnection.of(request.connection());
        if (connection.channel().pipeline().context(DECODER) == null) {
            // The connection has just closed: the request fails by itself.
            return Optional.empty();
        }
        // Takes effect only before the connection's first read.
        connection.channel().config().setRecvByteBufAllocator(connections);
        ChunkedBody body = new ChunkedBody(context, connection, bytes);
        connection.channel().pipeline().addBefore(DECODER, null, body);
        return Optional.of(body);
    }

    /**
     * Gives the body to the reader instead of the response's handler. To be called when Vert.x announces a chunked
     * response. Without effect if the body takes the general path.
     */
    public void readWith(Reader to) {
        if (headEnd == HEAD_END.length && !removed) {
            reader = to;
            readDirectly(true);
        }
    }

    /** With direct reading a turn of reading requests the next one here, without the path through all handlers. */
    private void readDirectly(boolean direct) {
        connection.channel().config().setAutoRead(!direct);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext channel) {
        removed = true;
        if (reader != null && channel.channel().isActive()) {
            readDirectly(false);
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
            // Within this call Vert.x reads the head and announces the response, which may set the reader.
            channel.fireChannelRead(in.readRetainedSlice(end - in.readerIndex()));
        }
        if (reader == null) {
            leave(channel);
            channel.fireChannelRead(in);
        } else {
            read(channel, in);
        }
    }

    /** What arrives from now on takes the general path. */
    private void leave(ChannelHandlerContext channel) {
        if (!channel.isRemoved()) {
            channel.pipeline().remove(this);
        }
    }

    /** Later handlers have read nothing once the body is read here. */
    @Override
    public void channelReadComplete(ChannelHandlerContext channel) {
        if (reader == null || !bodyStarted) {
            channel.fireChannelReadComplete();
        }
        bodyStarted = reader != null;
        if (bodyStarted) {
            channel.read();
        }
    }

    /** The index after the head, or after what is not plain in it; -1 if there is neither. */
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

    /** Passes the data of all chunks to the reader at once, as far as it fits. */
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

    /** Joins the data of the chunks: the bytes between the data of one chunk and the next are overwritten. */
    private ChunkFraming.Found readChunks(int end) {
        framing.start();
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
