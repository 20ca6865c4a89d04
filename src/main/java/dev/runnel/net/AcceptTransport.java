package dev.runnel.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The transport of a Vert.x that reports each connection of its HTTP servers as it is accepted. Vert.x (5.0.12) itself
 * shows a connection with TLS only after the handshake. Else it is the platform's native transport, or NIO on a
 * platform without one. One for each Vert.x; any thread.
 */
public final class AcceptTransport implements io.vertx.core.transport.Transport {

    private final io.vertx.core.transport.Transport own = ofPlatform();
    private final Map<Address, Consumer<AcceptedConnection>> listeners = new ConcurrentHashMap<>();

    /** Which server it is: two servers of one Vert.x cannot listen on the same address. */
    private record Address(String host, int port) {

        static Address of(NetServerOptions options) {
            return new Address(options.getHost(), options.getPort());
        }
    }

    private static io.vertx.core.transport.Transport ofPlatform() {
        io.vertx.core.transport.Transport found = io.vertx.core.transport.Transport.nativeTransport();
        return found != null && found.available() ? found : io.vertx.core.transport.Transport.NIO;
    }

    /**
     * Reports the connections of a server. Called before the server listens, and for each instance of a verticle that
     * shares the port; the last listener counts.
     *
     * @param server the options that the server is made with; their host and port identify it
     * @param listener called on the connection's event loop, before anything is read
     */
    public void report(HttpServerOptions server, Consumer<AcceptedConnection> listener) {
        listeners.put(Address.of(server), listener);
    }

    @Override
    public String name() {
        return own.name();
    }

    @Override
    public boolean available() {
        return own.available();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return own.unavailabilityCause();
    }

    @Override
    public Transport implementation() {
        return new Sockets(own.implementation());
    }

    /** In the pipeline of a socket that listens: its input are the accepted connections. */
    private static final class Reporter extends ChannelInboundHandlerAdapter {

        private final Consumer<AcceptedConnection> listener;

        Reporter(Consumer<AcceptedConnection> listener) {
            this.listener = listener;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            // An initializer runs first on the connection's event loop, and leaves the pipeline.
            ((Channel) accepted).pipeline().addFirst(new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                    listener.accept(AcceptedConnection.of(channel));
                }
            });
            context.fireChannelRead(accepted);
        }
    }

    /** Another transport, but for {@link #configure(NetServerOptions, boolean, ServerBootstrap)}. */
    private final class Sockets implements Transport {

        private final Transport transport;

        Sockets(Transport transport) {
            this.transport = transport;
        }

        @Override
        public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            transport.configure(options, domainSocket, bootstrap);
            Consumer<AcceptedConnection> listener =
                    options instanceof HttpServerOptions ? listeners.get(Address.of(options)) : null;
            if (listener != null) {
                bootstrap.handler(new Reporter(listener));
            }
        }

        @Override
        public boolean supportsDomainSockets() {
            return transport.supportsDomainSockets();
        }

        @Override
        public boolean supportFileRegion() {
            return transport.supportFileRegion();
        }

        @Override
        public boolean isAvailable() {
            return transport.isAvailable();
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return transport.unavailabilityCause();
        }

        @Override
        public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
            return transport.convert(address);
        }

        @Override
        public io.vertx.core.net.@Nullable SocketAddress convert(SocketAddress address) {
            return transport.convert(address);
        }

        @Override
        public IoHandlerFactory ioHandlerFactory() {
            return transport.ioHandlerFactory();
        }

        @Override
        public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
            return transport.eventLoopGroup(type, threads, factory, ioRatio);
        }

        @Override
        public DatagramChannel datagramChannel() {
            return transport.datagramChannel();
        }

        @Override
        @SuppressWarnings("deprecation") // Vert.x 5.0.12 has it in its SPI
        public DatagramChannel datagramChannel(InternetProtocolFamily family) {
            return transport.datagramChannel(family);
        }

        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            return transport.channelFactory(domainSocket);
        }

        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return transport.serverChannelFactory(domainSocket);
        }

        @Override
        public void configure(DatagramChannel channel, DatagramSocketOptions options) {
            transport.configure(channel, options);
        }

        @Override
        public void configure(ClientOptionsBase options, int timeout, boolean domainSocket, Bootstrap bootstrap) {
            transport.configure(options, timeout, domainSocket, bootstrap);
        }
    }
}
