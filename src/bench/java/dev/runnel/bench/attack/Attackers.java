package dev.runnel.bench.attack;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Connections that each repeat an exchange on a thread of their own. */
final class Attackers implements Attack {

    private static final Duration END = Duration.ofSeconds(25);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Integer> counts = new TreeMap<>();

    /**
     * Starts one more connection.
     *
     * @param pause between two exchanges
     */
    Attackers add(Exchange exchange, Duration pause) {
        exchanges.add(exchange);
        threads.execute(() -> run(exchange, pause));
        return this;
    }

    private void run(Exchange exchange, Duration pause) {
        try {
            do {
                String got = exchange.once();
                count(got);
            } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What ends with the attack is not counted. */
    private synchronized void count(String got) {
        if (closed.getCount() > 0) {
            counts.merge(got, 1, Integer::sum);
        }
    }

    @Override
    public synchronized Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    @Override
    public void close() {
        closed.countDown();
        exchanges.forEach(Exchange::close);
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(END.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("attackers did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
