package dev.runnel.simulation;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The socket that listens. */
final class SimulatedServerSocket extends AbstractServerChannel {

    private static final int PORT = 8080;

    private final Network network;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private @Nullable InetSocketAddress local;
    private boolean open = true;

    SimulatedServerSocket(Network network) {
        this.network = network;
    }

    void accept(SimulatedSocket socket) {
        if (isActive()) {
            pipeline().fireChannelRead(socket);
            pipeline().fireChannelReadComplete();
        } else {
            socket.refuse();
        }
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof SimulatedLoop;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected void doBind(SocketAddress localAddress) {
        InetAddress address = ((InetSocketAddress) localAddress).getAddress();
        local = new InetSocketAddress(address, PORT);
        network.listen(this);
    }

    @Override
    protected void doClose() {
        open = false;
        network.listen(null);
    }

    @Override
    protected void doBeginRead() {
        // Connections come without being asked for.
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
        return open && local != null;
    }
}
