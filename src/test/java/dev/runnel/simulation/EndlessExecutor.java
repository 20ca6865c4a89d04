package dev.runnel.simulation;

import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.concurrent.TimeUnit;

/** It has no thread that could be shut down: it runs only when the simulation asks it to. */
interface EndlessExecutor extends EventExecutorGroup {

    @Override
    default Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        return terminationFuture();
    }

    @Override
    default Future<?> terminationFuture() {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
    }

    @Override
    default boolean isShuttingDown() {
        return false;
    }

    @Override
    default boolean isShutdown() {
        return false;
    }

    @Override
    default boolean isTerminated() {
        return false;
    }

    @Override
    default boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
