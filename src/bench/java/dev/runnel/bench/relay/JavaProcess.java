package dev.runnel.bench.relay;

import dev.runnel.bench.ClassPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of this project's classes as a process of its own, which reads lines and writes lines. */
final class JavaProcess implements AutoCloseable {

    private static final int END_SECONDS = 20;

    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;

    private JavaProcess(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts one. Its standard error is this process's.
     *
     * @param options the JVM's
     * @param environment comes to that of this process, without its {@code RUNNEL_} variables
     */
    static JavaProcess start(
            Class<?> main, List<String> options, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(options);
        command.addAll(List.of("-cp", ClassPath.ofThisProcess(), main.getName()));
        command.addAll(List.of(arguments));
        return start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT), environment);
    }

    /**
     * Starts any command.
     *
     * @param environment as in the other method
     * @param output the file of all that it prints
     */
    static JavaProcess run(List<String> command, Map<String, String> environment, Path output) {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        return start(builder, environment);
    }

    /** The command of this JVM. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static JavaProcess start(ProcessBuilder builder, Map<String, String> environment) {
        builder.environment().keySet().removeIf(name -> name.startsWith("RUNNEL_"));
        builder.environment().putAll(environment);
        try {
            return new JavaProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void send(String line) {
        try {
            orders.write(line + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it has printed a line that was not taken yet. */
    boolean hasAnswer() throws IOException {
        return answers.ready();
    }

    /** The next line that it prints. */
    String answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException("a process of the benchmark ended early");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        boolean ended = !process.onExit()
                .completeOnTimeout(process, END_SECONDS, TimeUnit.SECONDS)
                .join()
                .isAlive();
        if (!ended) {
            process.destroyForcibly();
        }
    }
}
