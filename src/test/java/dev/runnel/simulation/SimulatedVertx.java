package dev.runnel.simulation;

import dev.runnel.FilelessVertx;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.impl.VertxThread;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxThreadFactory;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Makes the Vert.x of a simulation, with its loops and its network. Each seed makes one, so it looks for no service
 * providers in the jars of the class path, reads no file, and starts no thread but that of the blocked thread checker.
 */
final class SimulatedVertx {

    private static final Buffer HOSTS = Buffer.buffer("127.0.0.1 localhost\n");

    private SimulatedVertx() {}

    static Vertx of(World world) {
        SimulatedLoops loops = world.loops();
        return VertxBootstrap.create()
                .options(options(loops))
                .transport(new SimulatedTransport(loops, world.network()))
                .serviceProviders(List.of())
                .verticleFactories(List.of())
                .threadFactory(new CallingThreads(loops))
                .executorServiceFactory((threads, least, most) -> new CallingExecutor(loops))
                .init()
                .vertx();
    }

    private static VertxOptions options(SimulatedLoops loops) {
        return FilelessVertx.options()
                .setEventLoopPoolSize(loops.lanes().size())
                .setAddressResolverOptions(new AddressResolverOptions().setHostsValue(HOSTS))
                .setBlockedThreadCheckInterval(TimeUnit.DAYS.toMillis(1));
    }

    /** Threads that run their task when they are started, on the thread that starts them. */
    private record CallingThreads(SimulatedLoops loops) implements VertxThreadFactory {

        @Override
        public VertxThread newVertxThread(
                Runnable task, String name, boolean worker, long mostMillis, TimeUnit unitOfMost) {
            return new VertxThread(task, name, worker, mostMillis, unitOfMost) {

                @Override
                public synchronized void start() {
                    loops.runElsewhere(task);
                }
            };
        }
    }

    /** Runs its tasks on the thread that executes them. */
    private static final class CallingExecutor extends AbstractExecutorService {

        private final SimulatedLoops loops;
        private boolean isShutdown;

        CallingExecutor(SimulatedLoops loops) {
            this.loops = loops;
        }

        @Override
        public void execute(Runnable task) {
            loops.runElsewhere(task);
        }

        @Override
        public void shutdown() {
            isShutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            isShutdown = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return isShutdown;
        }

        @Override
        public boolean isTerminated() {
            return isShutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return isShutdown;
        }
    }
}
