package dev.runnel.bench.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * An OpenAI-compatible server as a process of its own, which writes every event by itself. Prints its port; ends with
 * its standard input.
 */
public final class Upstream {

    private Upstream() {}

    public static void main(String[] args) throws IOException {
        Loop loop = new Loop();
        Pacer pacer = new Pacer(loop.eventLoop());
        UpstreamBook book = new UpstreamBook();
        UpstreamFormat format = new UpstreamFormat();
        Channel server = loop.server()
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new UpstreamConnection(channel, pacer, book, format));
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        System.out.println(((InetSocketAddress) server.localAddress()).getPort());
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
        System.exit(0);
    }
}
