package dev.runnel.bench;

import dev.runnel.Runnel;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.engine.EngineListener;
import dev.runnel.metric.Metrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A service as a process of its own, so that its CPU can be told from that of its clients. */
final class ServiceProcess implements AutoCloseable {

    private final Process process;
    private final int http;
    private final int management;
    private final String key;

    private ServiceProcess(Process process) throws IOException {
        this.process = process;
        BufferedReader out = process.inputReader(StandardCharsets.US_ASCII);
        this.http = Integer.parseInt(out.readLine());
        this.management = Integer.parseInt(out.readLine());
        this.key = out.readLine();
    }

    /** Starts it with or without metrics, and waits until it is ready. */
    static ServiceProcess start(Path config, boolean metered) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ServiceProcess(new ProcessBuilder(
                        java,
                        "-cp",
                        ClassPath.ofThisProcess(),
                        ServiceProcess.class.getName(),
                        config.toString(),
                        Boolean.toString(metered))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The process itself: runs until its input ends. */
    public static void main(String[] args) throws IOException {
        Metrics metrics = Boolean.parseBoolean(args[1]) ? new Metrics() : Metrics.off();
        Runnel runnel = Runnel.start(BenchConfig.read(Path.of(args[0])), EngineListener.SILENT, metrics)
                .await();
        runnel.opened().await().ifPresent(problem -> {
            throw new IllegalStateException(problem);
        });
        System.out.println(runnel.ports().http());
        System.out.println(runnel.ports().management());
        System.out.println(runnel.keys()
                .issue(new KeyRequest("benchmark", "unlimited", Scope.ALL, Duration.ofHours(3)))
                .token());
        System.in.transferTo(System.err);
        runnel.close().await();
    }

    int http() {
        return http;
    }

    int management() {
        return management;
    }

    String key() {
        return key;
    }

    /** What it has used so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    @Override
    public void close() throws IOException {
        process.outputWriter().close();
        process.onExit().join();
    }
}
