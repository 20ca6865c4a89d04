package dev.runnel.bench;

import dev.runnel.auth.Revocations;
import dev.runnel.cluster.Cluster;
import dev.runnel.cluster.NodeFacts;
import dev.runnel.config.Allowance;
import dev.runnel.config.ClusterConfig;
import dev.runnel.limit.Demand;
import dev.runnel.limit.LimitDecision.Admitted;
import dev.runnel.limit.Limiter;
import dev.runnel.limit.LocalLimiter;
import dev.runnel.metric.ClusterMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * What an admission adds in a cluster of three processes: {@code java -cp … dev.runnel.bench.ClusterLimitBenchmark}.
 * One admission after another, of keys whose ledgers all three have, without other work. Then one process is stopped
 * with SIGSTOP.
 */
public final class ClusterLimitBenchmark {

    private static final int KEYS = 1_000;
    private static final int WARM_UP = 40_000;
    private static final int ADMISSIONS = 40_000;
    private static final Duration FROZEN = Duration.ofSeconds(12);
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final Demand DEMAND = new Demand(400, 256);
    private static final Allowance ALLOWANCE = new Allowance(
            OptionalInt.of(1_000_000),
            OptionalInt.of(100_000_000),
            OptionalInt.of(100),
            OptionalInt.empty(),
            Optional.empty());

    private final Vertx vertx;
    private final Limiter limiter;
    private final SimpleMeterRegistry registry;

    private ClusterLimitBenchmark(Vertx vertx, Limiter limiter, SimpleMeterRegistry registry) {
        this.vertx = vertx;
        this.limiter = limiter;
        this.registry = registry;
    }

    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            join(List.of(args));
            return;
        }
        var registry = new SimpleMeterRegistry();
        Cluster cluster = cluster(List.of(), registry);
        List<Process> others = new ArrayList<>();
        try {
            String address = "127.0.0.1:" + cluster.port();
            others.add(child(address));
            others.add(child(address));
            awaitMembers(registry, 3);
            var local = new LocalLimiter(System::nanoTime);
            new ClusterLimitBenchmark(cluster.vertx(), local, registry).run("one process, no cluster");
            var shared = new ClusterLimitBenchmark(cluster.vertx(), cluster.limiter(), registry);
            shared.run("three processes");
            shared.freeze(others.get(1));
        } finally {
            others.forEach(Process::destroyForcibly);
        }
        System.exit(0);
    }

    private static Cluster cluster(List<String> members, SimpleMeterRegistry registry) {
        var config = new ClusterConfig(
                "bench",
                "127.0.0.1",
                0,
                0,
                members,
                Optional.empty(),
                Optional.of(1),
                ClusterConfig.Placement.SPREAD,
                ClusterConfig.WithoutAnswer.SHARE,
                Duration.ofMillis(50),
                4,
                Optional.empty());
        Cluster cluster = Cluster.start(config, new VertxOptions(), UnaryOperator.identity())
                .await();
        cluster.join(new NodeFacts(
                        "secret",
                        List::of,
                        List::of,
                        new Revocations(),
                        Duration.ofDays(1),
                        new ClusterMeters(registry)))
                .await();
        return cluster;
    }

    /** The other processes do nothing but hold their part of the ledgers. */
    private static void join(List<String> members) throws IOException {
        cluster(members, new SimpleMeterRegistry());
        System.out.println("joined");
        System.in.read();
        System.exit(0);
    }

    private static Process child(String member) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                ClassPath.ofThisProcess(),
                ClusterLimitBenchmark.class.getName(),
                member));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); !"joined".equals(line); line = out.readLine()) {
            if (line == null) {
                throw new IOException("the other process has ended");
            }
        }
        return process;
    }

    private static void awaitMembers(SimpleMeterRegistry registry, int count) throws InterruptedException {
        while (registry.get("runnel.cluster.members").gauge().value() < count) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        // The ledgers have moved to their members.
        TimeUnit.SECONDS.sleep(5);
    }

    private void run(String what) {
        times(WARM_UP, Duration.ZERO, Duration.ofHours(1));
        print(what, times(ADMISSIONS, Duration.ZERO, Duration.ofHours(1)));
    }

    private void freeze(Process process) throws Exception {
        double before = alone();
        signal(process, "STOP");
        long[] nanos = times(Integer.MAX_VALUE, PAUSE, FROZEN);
        signal(process, "CONT");
        print("three processes, one of them frozen", nanos);
        System.out.printf(Locale.ROOT, "decided alone: %.0f of %d admissions%n", alone() - before, nanos.length);
    }

    private double alone() {
        return registry.get("runnel.cluster.decisions.alone").counter().count();
    }

    private static void signal(Process process, String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Nanoseconds of so many admissions, or of those within a time, one after another on one event loop. */
    private long[] times(int most, Duration pause, Duration within) {
        Context context = vertx.getOrCreateContext();
        Promise<long[]> all = Promise.promise();
        List<Long> times = new ArrayList<>();
        long end = System.nanoTime() + within.toNanos();
        context.runOnContext(turn -> next(times, most, pause, end, all));
        return all.future().await();
    }

    private void next(List<Long> times, int most, Duration pause, long end, Promise<long[]> all) {
        if (times.size() >= most || System.nanoTime() > end) {
            all.complete(times.stream().mapToLong(Long::longValue).toArray());
            return;
        }
        long start = System.nanoTime();
        limiter.admit("key" + times.size() % KEYS, ALLOWANCE, DEMAND)
                .onSuccess(decision -> {
                    times.add(System.nanoTime() - start);
                    if (decision instanceof Admitted admitted) {
                        admitted.permit().settle(200);
                    }
                })
                .compose(decision ->
                        pause.isZero() ? turn() : vertx.timer(pause.toMillis()).<Void>mapEmpty())
                .onSuccess(done -> next(times, most, pause, end, all))
                .onFailure(all::fail);
    }

    /** Through the queue of the event loop: a chain of calls would not end. */
    private Future<Void> turn() {
        Promise<Void> next = Promise.promise();
        vertx.getOrCreateContext().runOnContext(next::complete);
        return next.future();
    }

    private static void print(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %.3f | %.3f | %.3f |%n",
                what,
                nanos.length,
                millis(nanos, 0.5),
                millis(nanos, 0.99),
                nanos[nanos.length - 1] / 1e6);
    }

    private static double millis(long[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1, part * sorted.length)] / 1e6;
    }
}
