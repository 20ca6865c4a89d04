package dev.runnel.model;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The parts of the machine that a fetch uses.
 *
 * @param client makes the client for downloads when one is needed; it follows redirects from https to https only
 * @param pipCommands the commands that may start pip, tried in this order
 * @param pipEnvironment variables for pip in addition to those of this process
 * @param disk says how many bytes are free on the disk of a folder
 * @param silence how long a download or pip may make no progress
 */
record FetchTools(
        Supplier<HttpClient> client,
        List<List<String>> pipCommands,
        Map<String, String> pipEnvironment,
        Disk disk,
        Duration silence,
        LongSupplier nanoTime) {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /** The tools of this machine. */
    static FetchTools ofThisMachine() {
        return new FetchTools(
                FetchTools::plainClient,
                List.of(List.of("python3", "-m", "pip"), List.of("pip3"), List.of("pip")),
                Map.of(),
                folder -> Files.getFileStore(folder).getUsableSpace(),
                SILENCE,
                System::nanoTime);
    }

    /** The bytes that are free on the disk of a folder. */
    @FunctionalInterface
    interface Disk {
        long usableBytes(Path folder) throws IOException;
    }

    private static HttpClient plainClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT)
                .build();
    }
}
