package dev.runnel.simulation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** The server's end of a connection: a socket that accepts as many bytes as the wire has room for. */
final class SimulatedSocket extends AbstractChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private final Wire wire;
    private final Plant plant;
    private final InetSocketAddress client;
    private final SocketAddress local;
    private final LingerConfig config = new LingerConfig(this);
    private final Queue<ByteBuf> arrived = new ArrayDeque<>();

    private final List<Runnable> early = new ArrayList<>();

    private boolean open = true;
    private boolean endArrived;
    private boolean wantsRead;

    /** Notes whether unsent bytes are dropped by a close. */
    private static final class LingerConfig extends DefaultChannelConfig {

        private boolean drops;

        LingerConfig(SimulatedSocket socket) {
            super(socket);
        }

        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            if (option.equals(ChannelOption.SO_LINGER)) {
                drops = Integer.valueOf(0).equals(value);
                return true;
            }
            return super.setOption(option, value);
        }
    }

    /** Its address names it: Netty's own ids differ in each run. */
    private record Id(String text) implements ChannelId {

        @Override
        public String asShortText() {
            return text;
        }

        @Override
        public String asLongText() {
            return text;
        }

        @Override
        public int compareTo(ChannelId other) {
            return text.compareTo(other.asLongText());
        }
    }

    SimulatedSocket(SimulatedServerSocket parent, Wire wire, InetSocketAddress client, Plant plant) {
        super(parent, new Id(client.toString()));
        this.wire = wire;
        this.client = client;
        this.plant = plant;
        this.local = parent.localAddress();
    }

    // ---- the network's side

    void arrive(byte[] bytes) {
        onLoop(() -> {
            if (open) {
                arrived.add(Unpooled.wrappedBuffer(bytes));
                deliver();
            }
        });
    }

    void arriveEnd() {
        onLoop(() -> {
            endArrived = true;
            deliver();
        });
    }

    void arriveReset() {
        onLoop(() -> {
            if (open) {
                pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
                unsafe().close(voidPromise());
            }
        });
    }

    void becameWritable() {
        if (!plant.hits(Plant.Bug.LOST_ROOM)) {
            onLoop(() -> ((Writing) unsafe()).forceFlush());
        }
    }

    /** What arrives before the connection is accepted waits. */
    private void onLoop(Runnable task) {
        if (isRegistered()) {
            eventLoop().execute(task);
        } else {
            early.add(task);
        }
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        early.forEach(eventLoop()::execute);
        early.clear();
        promise.setSuccess();
    }

    long unsentBytes() {
        ChannelOutboundBuffer outbound = unsafe().outboundBuffer();
        return outbound == null ? 0 : outbound.totalPendingWriteBytes();
    }

    /** No server accepts it any more. */
    void refuse() {
        open = false;
        wire.closeByServer(true);
    }

    private void deliver() {
        boolean read = false;
        while (open && wantsRead && !arrived.isEmpty()) {
            wantsRead = false;
            read = true;
            pipeline().fireChannelRead(arrived.remove());
            pipeline().fireChannelReadComplete();
        }
        if (open && (wantsRead || read) && arrived.isEmpty() && endArrived) {
            unsafe().close(voidPromise());
        }
    }

    // ---- Netty's side

    private final class Writing extends AbstractUnsafe {

        /** Writes what waits for room, and not what waits for a flush. */
        void forceFlush() {
            flush0();
        }

        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            throw new UnsupportedOperationException("a server's socket is connected");
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new Writing();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof SimulatedLoop;
    }

    @Override
    protected void doBeginRead() {
        wantsRead = true;
        if (!arrived.isEmpty() || endArrived) {
            eventLoop().execute(this::deliver);
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
        while (in.current() instanceof ByteBuf bytes) {
            int length = Math.min(bytes.readableBytes(), wire.room());
            if (length == 0 && bytes.isReadable()) {
                return;
            }
            if (length > 0) {
                wire.write(plant.sent(ByteBufUtil.getBytes(bytes, bytes.readerIndex(), length)));
            }
            in.removeBytes(length);
        }
    }

    @Override
    protected void doClose() {
        open = false;
        arrived.forEach(ByteBuf::release);
        arrived.clear();
        wire.closeByServer(config.drops);
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("a server's socket is bound");
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return client;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
