package dev.runnel.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program of {@code src/test/sdk}, which uses the service with a library that others wrote.
 *
 * @param library as the table of the page names it
 * @param environment the folder of its program, and of the libraries in {@code target/sdk}
 * @param program its name without an extension
 */
record SdkProgram(String library, String environment, String program) {

    private static final Path FOLDER = Path.of("src/test/sdk");
    private static final Path INSTALLED = Path.of("target/sdk");
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Pattern LINE = Pattern.compile("(version|ok|not offered|failed) ([^:]+)(?:: (.*))?");

    /**
     * What a point of a program came to.
     *
     * @param verdict {@code ok}, {@code not offered} or {@code failed}
     * @param reason empty after {@code ok}
     */
    record Outcome(String verdict, String reason) {}

    /**
     * What a program printed.
     *
     * @param version of the library
     * @param outcomes by their points
     * @param log all of it, and its errors
     */
    record Report(String version, Map<String, Outcome> outcomes, String log) {}

    /** Whether {@code install} was run for it. */
    boolean isInstalled() {
        return Files.exists(INSTALLED.resolve(environment).resolve("installed"));
    }

    /** How a developer installs it. */
    String howToInstall() {
        return "bash " + FOLDER + "/install " + environment + " was not run";
    }

    /** The name of a file with the code that the page shows. Java's is named like its class. */
    String snippet() {
        return switch (environment) {
            case "node" -> program + ".mjs";
            case "jvm" -> program.replace("Points", "Snippet") + ".java";
            default -> program + ".py";
        };
    }

    /** Runs it to its end. */
    Report run(Path folder, Map<String, String> variables) {
        Path log = folder.resolve(program + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        List.of("bash", FOLDER.resolve("run").toString(), environment, program))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(variables);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            Process process = builder.start();
            boolean isEnded = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly();
            String printed = Files.readString(log, StandardCharsets.UTF_8);
            return report(isEnded ? printed : printed + "\nstopped after " + LIMIT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Report report(String log) {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        String version = "";
        for (String line : log.lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                continue;
            }
            if (matcher.group(1).equals("version")) {
                version = matcher.group(2);
            } else {
                String reason = matcher.group(3) == null ? "" : matcher.group(3);
                outcomes.put(matcher.group(2), new Outcome(matcher.group(1), reason));
            }
        }
        return new Report(version, outcomes, log);
    }

    @Override
    public String toString() {
        return library;
    }
}
