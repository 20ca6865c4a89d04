package dev.runnel.simulation;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * An event loop that runs one task when the simulation asks for it. Several share the simulation's thread, so the loop
 * that runs is noted in place of a thread. Netty's {@code ManualIoEventLoop} cannot be used for that: its thread is its
 * name, and it runs all ready tasks at once.
 */
final class SimulatedLoop extends AbstractScheduledEventExecutor implements EventLoop, EndlessExecutor {

    private final String name;
    private final SimulatedLoops all;
    private final Queue<Runnable> ready = new ArrayDeque<>();

    SimulatedLoop(String name, SimulatedLoops all) {
        this.name = name;
        this.all = all;
    }

    String name() {
        return name;
    }

    boolean isReady() {
        return !ready.isEmpty() || hasScheduledTasks();
    }

    /** When its next timer fires; {@link Long#MAX_VALUE} without one. */
    long nextTimerNanos() {
        long deadline = nextScheduledTaskDeadlineNanos();
        return deadline == -1 ? Long.MAX_VALUE : deadline;
    }

    /** Runs the next task. Timers that are due come after the tasks that waited before. */
    void runOne() {
        SimulatedLoop before = all.enter(this);
        var executor = ThreadExecutorMap.setCurrentExecutor(this);
        try {
            if (ready.isEmpty()) {
                fetchFromScheduledTaskQueue(ready);
            }
            Runnable task = ready.poll();
            if (task != null) {
                safeExecute(task);
            }
        } finally {
            ThreadExecutorMap.setCurrentExecutor(executor);
            all.enter(before);
        }
    }

    @Override
    public void execute(Runnable task) {
        if (all.accepts(this, task)) {
            ready.add(task);
        }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return super.schedule(all.timer(command, unit.toMillis(delay)), delay, unit);
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return all.isRunning(this);
    }

    @Override
    public Ticker ticker() {
        return all.clock();
    }

    @Override
    public EventLoopGroup parent() {
        return all;
    }

    @Override
    public EventLoop next() {
        return this;
    }

    @Override
    public ChannelFuture register(Channel channel) {
        return register(new DefaultChannelPromise(channel, this));
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        promise.channel().unsafe().register(this, promise);
        return promise;
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        channel.unsafe().register(this, promise);
        return promise;
    }

    @Override
    @Deprecated
    public void shutdown() {
        // Nothing to stop: it runs only when it is asked to.
    }
}
