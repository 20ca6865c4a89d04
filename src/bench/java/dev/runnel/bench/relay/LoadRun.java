package dev.runnel.bench.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Drives one load. For one event loop. */
final class LoadRun {

    private static final int TICK_MILLIS = 2;
    private static final int MAX_READ_BYTES = 256 * 1024;
    /** So much longer than it should take it may. */
    private static final int PATIENCE = 3;

    private static final int PATIENCE_MILLIS = 30_000;

    private final Load load;
    private final int firstNumber;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final ChannelGroup open;
    private final CompletableFuture<Reading> end = new CompletableFuture<>();
    private final long beganNanos = System.nanoTime();

    private final Histogram ages = new Histogram();
    private final Histogram firstTokens = new Histogram();
    private final Map<Integer, Long> left = new HashMap<>();
    private final Map<String, Integer> broken = new TreeMap<>();
    private @Nullable ScheduledFuture<?> nextTick;
    private int started;
    private int active;
    private long tokens;
    private long events;
    private long bytes;

    LoadRun(Load load, int firstNumber, Loop loop) {
        this.load = load;
        this.firstNumber = firstNumber;
        this.loop = loop.eventLoop();
        this.open = new DefaultChannelGroup(this.loop);
        this.bootstrap = loop.client()
                .option(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(1024, 8192, MAX_READ_BYTES));
    }

    /** Begins; called once, on any thread. The closings are not in the reading yet. */
    CompletableFuture<Reading> start() {
        loop.execute(this::tick);
        int patience = load.leastMillis() * PATIENCE + PATIENCE_MILLIS;
        var deadline = loop.schedule(this::giveUp, patience, TimeUnit.MILLISECONDS);
        return end.whenComplete((reading, failure) -> deadline.cancel(false));
    }

    /** When a reader left which stream, in microseconds. Once the run has ended. */
    Map<Integer, Long> left() {
        return left;
    }

    /** Starts what the ramp allows. */
    private void tick() {
        long millis = (System.nanoTime() - beganNanos) / 1_000_000;
        long allowed = load.rampMillis() == 0 ? load.streams() : 1 + millis * load.streams() / load.rampMillis();
        while (!end.isDone() && active < Math.min(allowed, load.streams()) && started < load.total()) {
            startOne();
        }
        if (allowed < load.streams() && !end.isDone()) {
            nextTick = loop.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void startOne() {
        int number = firstNumber + started++;
        active++;
        bootstrap
                .clone()
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        open.add(channel);
                        channel.pipeline().addLast(new ClientStream(load, number, LoadRun.this));
                    }
                })
                .connect("127.0.0.1", load.server().port())
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        ended("no connection");
                    }
                });
    }

    void received(int count) {
        bytes += count;
    }

    /** @param firstMicros how long the stream's first token took; -1 where this is another */
    void event(int ageMicros, int count, long firstMicros) {
        event(count, firstMicros);
        ages.add(ageMicros);
    }

    /** An event whose age is known at the end of its stream. */
    void event(int count, long firstMicros) {
        events++;
        tokens += count;
        if (firstMicros >= 0) {
            firstTokens.add(firstMicros);
        }
    }

    /** The age of an event, from when it was due. */
    void late(long micros) {
        ages.add(micros);
    }

    void left(int number, long micros) {
        left.put(number, micros);
    }

    /** A stream is over. */
    void ended(@Nullable String wrong) {
        active--;
        if (wrong != null) {
            broken.merge(wrong, 1, Integer::sum);
        }
        if (started == load.total() && active == 0) {
            conclude();
        } else {
            tickAfterRamp();
        }
    }

    private void tickAfterRamp() {
        if (System.nanoTime() - beganNanos >= load.rampMillis() * 1_000_000L) {
            tick();
        }
    }

    private void giveUp() {
        if (!end.isDone()) {
            broken.merge("never ended", active, Integer::sum);
            conclude();
            open.forEach(channel -> channel.unsafe().closeForcibly());
        }
    }

    private void conclude() {
        if (nextTick != null) {
            nextTick.cancel(false);
        }
        end.complete(new Reading(
                started,
                tokens,
                events,
                bytes,
                ages.quantiles(),
                firstTokens.quantiles(),
                Map.of(),
                new TreeMap<>(broken)));
    }
}
