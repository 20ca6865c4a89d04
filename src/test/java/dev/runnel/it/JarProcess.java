package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.Ports;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code java -jar runnel.jar} as a process of its own, with what it prints in files. */
final class JarProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration END = Duration.ofSeconds(30);

    private final Process process;
    private final Path folder;

    private JarProcess(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /** Starts the service. Of the environment the variables that begin with RUNNEL_ are those given. */
    static JarProcess serve(Map<String, String> environment, String... options) throws IOException {
        return serve(List.of(), environment, options);
    }

    /** As {@link #serve(Map, String...)}, on a JDK, with options of its JVM. */
    static JarProcess serve(Jdk jdk, List<String> jvm, Map<String, String> environment, String... options)
            throws IOException {
        return serve(jdk.java(jvm), jar(), environment, options);
    }

    /**
     * As {@link #serve(Map, String...)}, by another command.
     *
     * @param by a command that becomes the one that follows it, such as {@code nice}
     */
    static JarProcess serve(List<String> by, Map<String, String> environment, String... options) throws IOException {
        List<String> java = new ArrayList<>(by);
        java.addAll(Jdk.ofTheJar().java(List.of()));
        return serve(java, jar(), environment, options);
    }

    /**
     * As {@link #serve(Map, String...)}, of any jar.
     *
     * @param java the command that starts the JVM, with its options
     */
    static JarProcess serve(List<String> java, Path jar, Map<String, String> environment, String... options)
            throws IOException {
        Path folder = Files.createTempDirectory("runnel-jar");
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("-jar", jar.toString(), "serve", "--ports-file", folder + "/ports.json"));
        command.addAll(List.of(options));
        return start(command, folder, environment);
    }

    /** Runs any command. */
    static JarProcess run(Map<String, String> environment, String... arguments) throws IOException {
        return run(Jdk.ofTheJar(), List.of(), environment, arguments);
    }

    /** As {@link #run(Map, String...)}, on a JDK, with options of its JVM. */
    static JarProcess run(Jdk jdk, List<String> jvm, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(jdk.java(jvm));
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(List.of(arguments));
        return of(command, environment);
    }

    /** Runs any command of the operating system. */
    static JarProcess of(List<String> command, Map<String, String> environment) throws IOException {
        return start(command, Files.createTempDirectory("runnel-jar"), environment);
    }

    private static Path jar() {
        return Path.of(System.getProperty("runnel.jar"));
    }

    private static JarProcess start(List<String> command, Path folder, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("RUNNEL_"));
        builder.environment().putAll(environment);
        return new JarProcess(builder.start(), folder);
    }

    /** Waits until the service is ready. */
    Ports awaitPorts() {
        JsonObject ports = awaitPortsFile();
        return new Ports(ports.getInteger("http"), ports.getInteger("management"));
    }

    /** As {@link #awaitPorts}, with all that the file has. */
    JsonObject awaitPortsFile() {
        Path file = folder.resolve("ports.json");
        await().atMost(START).pollInterval(Duration.ofMillis(20)).until(() -> Files.exists(file) || !process.isAlive());
        assertThat(file).as("the service's standard error: %s", err()).exists();
        return new JsonObject(read("ports.json"));
    }

    long pid() {
        return process.pid();
    }

    String out() {
        return read("out");
    }

    String err() {
        return read("err");
    }

    /** Waits for the end and returns the exit status. */
    int exitStatus() {
        return exitStatus(END);
    }

    /** As {@link #exitStatus()}, of a command that may need longer. */
    int exitStatus(Duration limit) {
        assertThat(hasEnded(limit)).as("the process ends").isTrue();
        return process.exitValue();
    }

    /** SIGTERM, then waits for the end and returns the exit status. */
    int terminate() {
        process.destroy();
        return exitStatus();
    }

    /** SIGTERM. */
    void signal() {
        process.destroy();
    }

    /** @param name as {@code kill} knows it */
    void signal(String name) throws IOException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join();
    }

    /** Waits until a file exists. */
    void awaitFile(Path file) {
        await().atMost(START)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> (Files.exists(file) && Files.size(file) > 0) || !process.isAlive());
        assertThat(file).as("the service's standard error: %s", err()).exists();
    }

    private String read(String name) {
        try {
            return Optional.of(folder.resolve(name)).filter(Files::exists).isPresent()
                    ? Files.readString(folder.resolve(name))
                    : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean hasEnded(Duration limit) {
        return !process.onExit()
                .completeOnTimeout(process, limit.toSeconds(), TimeUnit.SECONDS)
                .join()
                .isAlive();
    }

    @Override
    public void close() {
        process.destroy();
        if (!hasEnded(END)) {
            process.destroyForcibly();
        }
    }
}
