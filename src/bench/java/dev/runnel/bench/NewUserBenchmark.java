package dev.runnel.bench;

import com.microsoft.playwright.Page;
import dev.runnel.it.Chromium;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times what a new user waits for: from the command to the first token, in the browser and in the terminal. Each round
 * has a fresh data directory, for the browser also a fresh clone of the repository, and starts twice. Maven's
 * repository is filled, and the jar is built before.
 *
 * <p>Usage: {@code mvn -q -Pbench test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.runnel.bench.NewUserBenchmark -Dexec.args="3 browser terminal"}
 */
public final class NewUserBenchmark {

    private static final String STORY = "Tell me a story";
    private static final String LINK = "/#key=";
    private static final double NANOS_PER_SECOND = 1e9;

    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

    private NewUserBenchmark() {}

    public static void main(String[] args) throws Exception {
        List<String> given = List.of(args);
        NewUserBenchmark benchmark = new NewUserBenchmark();
        for (int round = 1; round <= Integer.parseInt(args[0]); round++) {
            benchmark.round(given.contains("browser"), given.contains("terminal"));
        }
        benchmark.print();
        System.exit(0);
    }

    private void round(boolean isInBrowser, boolean isInTerminal) throws Exception {
        Path folder = Files.createTempDirectory("runnel-new-user");
        if (isInBrowser) {
            Path clone = folder.resolve("clone");
            check(process(Path.of("."), folder, "git", "clone", "-q", ".", clone.toString())
                    .start());
            browser("first", clone, folder.resolve("of-browser"));
            browser("second", clone, folder.resolve("of-browser"));
        }
        if (isInTerminal) {
            terminal("first", folder.resolve("of-terminal"));
            terminal("second", folder.resolve("of-terminal"));
        }
    }

    private static ProcessBuilder process(Path folder, Path data, String... command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .putAll(Map.of("RUNNEL_DATA", data.toString(), "RUNNEL_HTTP_PORT", "0", "RUNNEL_MANAGEMENT_PORT", "0"));
        return builder;
    }

    private static void check(Process process) throws IOException, InterruptedException {
        process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException(process.info() + " ended with status " + process.exitValue());
        }
    }

    /** The browser is open before, as that of a user is. */
    private void browser(String time, Path clone, Path data) throws Exception {
        try (Chromium chromium = Chromium.open()) {
            Page page = chromium.page(1100, 800);
            long start = System.nanoTime();
            Process service =
                    process(clone, data, "mvn", "-q", "compile", "exec:java").start();
            try (BufferedReader out = service.inputReader(StandardCharsets.UTF_8)) {
                String link = out.lines()
                        .filter(line -> line.contains(LINK))
                        .findFirst()
                        .orElseThrow();
                add(time + " start, the link is printed", start);
                page.navigate(link);
                page.locator("#message").fill(STORY);
                page.keyboard().press("Enter");
                page.evaluate("""
                        () => new Promise((resolve) => {
                          const check = () => document.querySelector('.answer .text')?.textContent
                            ? resolve() : setTimeout(check, 10);
                          check();
                        })""");
                add(time + " start, first token in the browser", start);
            } finally {
                end(service);
            }
        }
    }

    private void terminal(String time, Path data) throws Exception {
        long start = System.nanoTime();
        Process command = process(Path.of("."), data, "java", "-jar", "target/runnel.jar", "generate", STORY)
                .start();
        try (InputStream out = command.getInputStream()) {
            if (out.read() < 0) {
                throw new IOException("generate printed nothing");
            }
            add(time + " start, first token in the terminal", start);
        } finally {
            end(command);
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    private void add(String figure, long startNanos) {
        double value = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
        System.out.printf(Locale.ROOT, "%s: %.1f s%n", figure, value);
        seconds.computeIfAbsent(figure, first -> new ArrayList<>()).add(value);
    }

    private void print() {
        System.out.println("\n| figure | seconds |\n|---|---|");
        seconds.forEach((figure, values) -> {
            List<Double> sorted = values.stream().sorted().toList();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.1f (%.1f … %.1f) |%n",
                    figure,
                    sorted.get(sorted.size() / 2),
                    sorted.get(0),
                    sorted.get(sorted.size() - 1));
        });
    }
}
