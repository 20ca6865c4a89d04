package dev.runnel.bench.relay;

import dev.runnel.Runnel;
import dev.runnel.bench.BenchConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.metric.Metrics;
import dev.runnel.warmup.WarmUp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Serves with metrics or without: {@code serve} has no such choice. */
public final class ServiceMain {

    private ServiceMain() {}

    /**
     * Serves until it is killed.
     *
     * @param args the configuration, the ports file, and whether there are metrics
     */
    public static void main(String[] args) throws IOException {
        Metrics metrics = Boolean.parseBoolean(args[2]) ? new Metrics() : Metrics.off();
        RunnelConfig config = BenchConfig.read(Path.of(args[0]));
        Runnel runnel = Runnel.start(config, EngineListener.SILENT, new WarmUp(config), metrics)
                .await();
        runnel.opened().await().ifPresent(problem -> {
            throw new IllegalStateException(problem);
        });
        Path ports = Path.of(args[1]);
        Path unfinished = Files.writeString(
                ports.resolveSibling("unfinished"),
                "{\"http\":" + runnel.ports().http() + ",\"management\":"
                        + runnel.ports().management() + "}");
        Files.move(unfinished, ports, StandardCopyOption.ATOMIC_MOVE);
        runnel.closed().await();
    }
}
