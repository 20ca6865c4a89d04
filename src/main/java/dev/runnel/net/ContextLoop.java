package dev.runnel.net;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.function.LongSupplier;

/**
 * The event loop of a context. Two are equal if they are the same loop. The thread would be another name of it, but not
 * where one thread runs several loops, as in a simulation.
 */
public record ContextLoop(EventLoop loop) implements Shareable {

    /** The loop of a context. */
    public static ContextLoop of(Context context) {
        return new ContextLoop(NettyConnection.eventLoop(context));
    }

    /** The loop of the calling context. */
    public static ContextLoop current(Vertx vertx) {
        return of(vertx.getOrCreateContext());
    }

    /** The monotonic clock by which the loop fires its timers, in nanoseconds: {@link System#nanoTime}. */
    public LongSupplier clock() {
        return loop.ticker()::nanoTime;
    }
}
