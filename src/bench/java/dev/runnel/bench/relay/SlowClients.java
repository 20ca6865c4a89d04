package dev.runnel.bench.relay;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Slow clients, as a process of their own: accepts a {@link SlowClientsOrder} on a line of its standard input. A client
 * that was disconnected comes back at once, so that as many are there all the time. The next line ends them, and is
 * answered with a {@link SlowClientsReport}.
 */
public final class SlowClients {

    /** The kernel doubles it. The client accepts little, so that its connection is full soon. */
    private static final int RECEIVE_BUFFER = 4096;

    private static final int RAMP_MILLIS = 5_000;
    /** With the first pause a request arrives within the deadline for its head, with the second one it does not. */
    private static final int[] PAUSE_MILLIS = {40, 100};

    private static final int NEVER_ENDING_TOKENS = 4096;

    private final SlowClientsOrder order;
    private final Loop loop = new Loop();
    private final ChannelGroup open = new DefaultChannelGroup(loop.eventLoop());
    private final Histogram evictions = new Histogram();
    private final Map<String, Integer> senders = new TreeMap<>();
    private long least = Long.MAX_VALUE;
    private long most;
    private int evicted;
    private boolean stopped;

    private SlowClients(SlowClientsOrder order) {
        this.order = order;
    }

    public static void main(String[] args) throws IOException {
        ObjectMapper json = new ObjectMapper();
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        SlowClients clients = new SlowClients(json.readValue(lines.readLine(), SlowClientsOrder.class));
        clients.start();
        lines.readLine();
        System.out.println(json.writeValueAsString(clients.loop
                .eventLoop()
                .submit(clients::stop)
                .syncUninterruptibly()
                .getNow()));
        System.exit(0);
    }

    private void start() {
        for (int i = 0; i < order.neverReaders(); i++) {
            String request = request(i, "flood", NEVER_ENDING_TOKENS);
            later(i, order.neverReaders(), () -> new NeverReader(request, this::evicted));
        }
        for (int i = 0; i < order.slowSenders(); i++) {
            String request = request(i, "steady", 2);
            int pause = PAUSE_MILLIS[i % PAUSE_MILLIS.length];
            later(i, order.slowSenders(), () -> new SlowSender(request, pause, this::sent));
        }
    }

    private String request(int number, String model, int tokens) {
        String body = "{\"prompt\":\"number " + number + "\",\"model\":\"" + model + "\",\"maxTokens\":" + tokens + "}";
        return "POST /v1/generate/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                + "Connection: close\r\nAuthorization: Bearer "
                + order.keys().get(number % order.keys().size())
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private void later(int number, int all, Supplier<ChannelHandler> client) {
        long delay = (long) number * RAMP_MILLIS / all;
        var unused = loop.eventLoop().schedule(() -> connect(client), delay, TimeUnit.MILLISECONDS);
    }

    private void connect(Supplier<ChannelHandler> client) {
        if (stopped) {
            return;
        }
        ChannelHandler handler = client.get();
        boolean reads = handler instanceof SlowSender;
        var unused = loop.client()
                .option(ChannelOption.AUTO_READ, reads)
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        open.add(channel);
                        channel.pipeline().addLast(handler);
                        channel.closeFuture().addListener(closed -> connect(client));
                    }
                })
                .connect("127.0.0.1", order.port());
    }

    private void evicted(long micros) {
        if (!stopped) {
            evicted++;
            evictions.add(micros);
            least = Math.min(least, micros);
            most = Math.max(most, micros);
        }
    }

    private void sent(String outcome) {
        if (!stopped) {
            senders.merge(outcome, 1, Integer::sum);
        }
    }

    private SlowClientsReport stop() {
        stopped = true;
        var unused = open.close();
        Map<String, Long> micros = Map.of("least", least, "p50", evictions.quantile(0.5), "most", most);
        return new SlowClientsReport(evicted, micros, senders);
    }
}
