package dev.runnel.cli;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Samples the heap every second, and runs an action once it is exhausted: by {@link HeapPressure}, or because there is
 * no memory for the sample itself.
 */
final class HeapWatch {

    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Runnable whenExhausted;
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();

    HeapWatch(Runnable whenExhausted) {
        this.whenExhausted = whenExhausted;
    }

    /** Starts a thread that does not keep the process alive. */
    void start() {
        Thread thread = new Thread(this::run, "runnel-heap-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            HeapPressure pressure = new HeapPressure(Runtime.getRuntime().maxMemory(), nowMillis(), collectionMillis());
            do {
                pause();
            } while (!pressure.isExhausted(nowMillis(), collectionMillis(), usedBytes()));
            whenExhausted.run();
        } catch (OutOfMemoryError e) {
            whenExhausted.run();
        }
    }

    /** The classes of java.util.concurrent that wait allocate, and wait without a limit if they cannot (JDK 17). */
    private static void pause() {
        long end = System.nanoTime() + PERIOD_NANOS;
        long left = PERIOD_NANOS;
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = end - System.nanoTime();
        }
    }

    private static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private long collectionMillis() {
        long millis = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            millis += Math.max(0, collector.getCollectionTime());
        }
        return millis;
    }

    /** After the last collection of each pool. */
    private long usedBytes() {
        long used = 0;
        for (MemoryPoolMXBean pool : pools) {
            MemoryUsage usage = pool.getCollectionUsage();
            used += usage == null ? 0 : usage.getUsed();
        }
        return used;
    }
}
