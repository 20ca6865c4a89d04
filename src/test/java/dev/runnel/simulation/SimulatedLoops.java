package dev.runnel.simulation;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All event loops of a simulation. The last one accepts connections. */
final class SimulatedLoops extends AbstractEventExecutorGroup implements EventLoopGroup, EndlessExecutor {

    private final Ticker clock;
    private final Plant plant;
    private final Thread thread = Thread.currentThread();
    private final List<SimulatedLoop> lanes = new ArrayList<>();
    private final SimulatedLoop acceptor;

    private @Nullable SimulatedLoop running;
    private boolean closed;
    private int next;

    /** @param plant what is planted in the loops */
    SimulatedLoops(int lanes, Ticker clock, Plant plant) {
        this("", lanes, clock, plant);
    }

    /** @param process the start of the names of its loops */
    SimulatedLoops(String process, int lanes, Ticker clock, Plant plant) {
        this.clock = clock;
        this.plant = plant;
        for (int i = 1; i <= lanes; i++) {
            this.lanes.add(new SimulatedLoop(process + "lane " + i, this));
        }
        this.acceptor = new SimulatedLoop(process + "acceptor", this);
    }

    Ticker clock() {
        return clock;
    }

    List<SimulatedLoop> lanes() {
        return lanes;
    }

    SimulatedLoop acceptor() {
        return acceptor;
    }

    List<SimulatedLoop> all() {
        List<SimulatedLoop> all = new ArrayList<>(lanes);
        all.add(acceptor);
        return all;
    }

    /** Notes the loop that runs from now on; returns the one before. */
    @Nullable
    SimulatedLoop enter(@Nullable SimulatedLoop loop) {
        SimulatedLoop before = running;
        running = loop;
        return before;
    }

    /** The name of the loop that runs. */
    String current() {
        SimulatedLoop now = running;
        return now == null ? "outside" : now.name();
    }

    boolean isRunning(SimulatedLoop loop) {
        return running == loop && Thread.currentThread() == thread;
    }

    /** Whether a task is queued. Work of another thread would make two runs of one seed differ. */
    boolean accepts(SimulatedLoop loop, Runnable task) {
        if (Thread.currentThread() != thread) {
            throw new AssertionError("another thread executes " + task + " on " + loop.name());
        }
        return !plant.losesTask(running, loop);
    }

    /** Runs at once what Vert.x would run on another thread. Only its close has such work. */
    void runElsewhere(Runnable task) {
        if (!closed) {
            throw new AssertionError("another thread would execute " + task);
        }
        task.run();
    }

    Runnable timer(Runnable command, long delayMillis) {
        return plant.losesTimer(delayMillis) ? () -> {} : command;
    }

    /** From now on work for other threads is done: Vert.x closes its pools on threads of its own. */
    void close() {
        closed = true;
    }

    @Override
    public EventLoop next() {
        SimulatedLoop chosen = lanes.get(next % lanes.size());
        next++;
        return chosen;
    }

    @Override
    public ChannelFuture register(Channel channel) {
        return next().register(channel);
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        return next().register(promise);
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        return next().register(channel, promise);
    }

    @Override
    public Iterator<EventExecutor> iterator() {
        return List.<EventExecutor>copyOf(lanes).iterator();
    }

    @Override
    @Deprecated
    public void shutdown() {
        // Nothing to stop.
    }
}
