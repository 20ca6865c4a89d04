package dev.runnel.simulation;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.ThreadFactory;

/** Gives Vert.x the event loops and the network of a simulation. */
record SimulatedTransport(SimulatedLoops loops, Network network) implements Transport {

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return type == ACCEPTOR_EVENT_LOOP_GROUP ? loops.acceptor() : loops;
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        throw new UnsupportedOperationException("the loops of a simulation have no IO handler");
    }

    @Override
    public DatagramChannel datagramChannel() {
        throw new UnsupportedOperationException("a simulation has no UDP");
    }

    @Override
    @SuppressWarnings("deprecation") // Vert.x 5.0.12 has it in its SPI
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        throw new UnsupportedOperationException("a simulation has no UDP");
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        throw new UnsupportedOperationException("the clients of a simulation have no channels");
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return () -> new SimulatedServerSocket(network);
    }

    @Override
    public void configure(ClientOptionsBase options, int timeout, boolean domainSocket, Bootstrap bootstrap) {
        // No client uses it.
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        // The network has no options of sockets.
    }
}
