package dev.runnel.it;

import dev.runnel.Ports;
import dev.runnel.config.RunnelConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One service process that is stopped in the middle of many open streams, and what its clients saw. */
public final class DrainRun {

    /** Fewer than there are streams, so that some wait in the queue. */
    private static final int SEQUENCES_PER_TEN_STREAMS = 8;

    private static final String CONFIG = """
        http: { port: 0, drain: %s }
        management: { port: 0 }
        defaultModel: scripted
        models:
          - { name: scripted, engine: scripted, text: "On and on", repeat: true, interval: %s, sequences: %d }
        """;

    /**
     * What to do.
     *
     * @param tokens how many each stream would have
     * @param interval between two tokens, such as {@code 20ms}
     * @param drain the service's drain time
     */
    public record Plan(int streams, int tokens, String interval, String drain) {}

    /**
     * What happened.
     *
     * @param exitStatus the process's
     * @param finished streams and answers that came to their end
     * @param toldToComeBack streams and answers that were ended by {@code code: draining}
     * @param problems everything that the service does not promise
     * @param refused requests that came during the drain and were refused with that reason
     * @param unheard requests that came too late: refused connections, or ones closed without a byte
     * @param notReady whether the readiness showed that the service drains
     * @param idleClosedFirst whether an idle connection was closed before the last stream or answer had ended
     * @param tookMillis from the signal to the end
     */
    public record Result(
            int exitStatus,
            int finished,
            int toldToComeBack,
            List<String> problems,
            int refused,
            int unheard,
            boolean notReady,
            boolean idleClosedFirst,
            long tookMillis) {}

    private DrainRun() {}

    /** Starts a service, opens the streams and sends SIGTERM once each has begun or waits. */
    public static Result run(Plan plan, Path folder) {
        try {
            Files.createDirectories(folder);
            int sequences = plan.streams() * SEQUENCES_PER_TEN_STREAMS / 10;
            Path config = Files.writeString(
                    folder.resolve("drain.yaml"), CONFIG.formatted(plan.drain(), plan.interval(), sequences));
            try (JarProcess process =
                    JarProcess.serve(RunningService.environment(folder), "--config", config.toString())) {
                Ports ports = process.awaitPorts();
                RunnelConfig read = RunningService.read(config, folder);
                List<String> keys = RunningService.keys(read, "unlimited", "ada", "bob", "cleo", "dan");
                return run(plan, process, ports, keys);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Result run(Plan plan, JarProcess process, Ports ports, List<String> keys) throws IOException {
        DrainClients clients = new DrainClients(ports.http(), keys);
        clients.open(plan.streams(), plan.tokens());
        try (Latecomers latecomers = new Latecomers(ports, keys.get(0))) {
            latecomers.awaitIdleConnection(clients::areUnderWay);
            clients.awaitAllUnderWay();
            long began = System.nanoTime();
            process.signal();
            CompletableFuture<Void> coming = CompletableFuture.runAsync(latecomers::comeUntilClosed);
            int status = process.exitStatus();
            long took = System.nanoTime() - began;
            coming.join();
            List<String> problems = new ArrayList<>(clients.problems());
            problems.addAll(latecomers.problems());
            return new Result(
                    status,
                    clients.finished(),
                    clients.toldToComeBack(),
                    problems,
                    latecomers.refused(),
                    latecomers.unheard(),
                    latecomers.sawNotReady(),
                    latecomers.idleClosedFirst(),
                    TimeUnit.NANOSECONDS.toMillis(took));
        }
    }
}
