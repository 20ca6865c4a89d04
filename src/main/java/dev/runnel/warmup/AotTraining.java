package dev.runnel.warmup;

import dev.runnel.FilelessVertx;
import dev.runnel.Ports;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Keyring;
import dev.runnel.auth.Scope;
import dev.runnel.config.RunnelConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes an AOT cache: runs the service under load in a child JVM, which writes the cache when it ends (JEP 514). The
 * file is moved in place when it is complete. Until then everything is in a folder beside it, which {@link #close}
 * removes. One lock for each file excludes a second training of it.
 */
public final class AotTraining implements AutoCloseable {

    private static final Duration KEY_LIFETIME = Duration.ofHours(1);

    /** Options of caches, agents and debuggers, which change what is recorded or exclude it. */
    private static final List<String> NOT_INHERITED = List.of(
            "-XX:AOT",
            "-XX:+AOT",
            "-XX:-AOT",
            "-Xshare",
            "-XX:SharedArchiveFile",
            "-XX:ArchiveClassesAtExit",
            "-XX:+AutoCreateSharedArchive",
            "-javaagent:",
            "-agent",
            "-Xrun",
            "-Xdebug");

    private final Path out;
    private final Path folder;
    private final FileChannel lock;
    private @Nullable TrainingService service;
    private boolean isClosed;

    private AotTraining(Path out, FileChannel lock) {
        this.out = out;
        this.folder = out.resolveSibling(out.getFileName() + ".training");
        this.lock = lock;
    }

    /**
     * Acquires the lock of a file, and makes the file's folder if necessary.
     *
     * @param file where the cache is written
     * @throws AotTrainingException if another training has the lock
     */
    public static AotTraining open(Path file) throws IOException, AotTrainingException {
        Path out = file.toAbsolutePath().normalize();
        Files.createDirectories(out.resolveSibling(""));
        // The lock's file stays, because removing it would race.
        FileChannel lock = FileChannel.open(
                out.resolveSibling(out.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isAcquired(lock)) {
            lock.close();
            throw new AotTrainingException(out + ": another process is making this AOT cache (wait for its end)");
        }
        return new AotTraining(out, lock);
    }

    private static boolean isAcquired(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Those options of a JVM that its child has too, such as the size of the heap and the collector. */
    public static List<String> inherited(List<String> options) {
        return options.stream()
                .filter(option -> NOT_INHERITED.stream().noneMatch(option::startsWith))
                .toList();
    }

    /**
     * Makes the cache. One half of the time is the warm-up of the service, in the other half it gets requests over TLS.
     *
     * @param options of the child JVM
     * @param model the file of a model that the service runs too; empty for none
     * @param load how long the service runs under load
     * @param progress receives a line for each step
     * @return the size of the cache in bytes
     */
    public long run(Path jar, List<String> options, Optional<Path> model, Duration load, Consumer<String> progress)
            throws IOException, InterruptedException, AotTrainingException {
        try {
            return make(jar, options, model, load, progress);
        } catch (IOException | AotTrainingException e) {
            if (isClosed()) {
                throw new AotTrainingException("stopped before the AOT cache was complete");
            }
            throw e;
        }
    }

    private long make(Path jar, List<String> options, Optional<Path> model, Duration load, Consumer<String> progress)
            throws IOException, InterruptedException, AotTrainingException {
        removeFolder();
        Files.createDirectory(folder);
        Path part = folder.resolve("cache.aot");
        List<String> all = new ArrayList<>(options);
        all.add("-XX:AOTCacheOutput=" + part);
        Duration half = load.dividedBy(2);
        progress.accept("the service runs under load for " + load.toSeconds() + " s …");
        TrainingService running = started(TrainingService.start(jar, all, model, folder, half));
        call(running, half, model.isPresent());
        progress.accept("the JVM writes the AOT cache …");
        running.stop();
        if (!Files.isRegularFile(part)) {
            throw new AotTrainingException(running.ended());
        }
        Files.move(part, out, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return Files.size(out);
    }

    /** A service that starts while another thread closes this is closed too. */
    private synchronized TrainingService started(TrainingService started) {
        service = started;
        if (isClosed) {
            started.close();
        }
        return started;
    }

    private synchronized boolean isClosed() {
        return isClosed;
    }

    private static void call(TrainingService service, Duration duration, boolean hasFile)
            throws IOException, InterruptedException, AotTrainingException {
        Ports ports = service.awaitPorts();
        Vertx vertx = Vertx.vertx(FilelessVertx.options().setEventLoopPoolSize(1));
        try {
            String key = key(vertx, service.config());
            new TrainingClient(vertx, ports, key, hasFile).run(duration).await();
        } catch (Exception e) {
            // Not only a RuntimeException: await also throws the checked exception of a failed future.
            throw new AotTrainingException("a request to the service of the training failed: " + e);
        } finally {
            vertx.close().await();
        }
    }

    /** A key that the service accepts. */
    private static String key(Vertx vertx, RunnelConfig config) {
        Keyring keyring = Keyring.open(vertx, config.auth(), config.dataDirectory(), InstantSource.system())
                .await();
        String key = keyring.issuer()
                .issue(new KeyRequest("training", TrainingService.PLAN, Scope.ALL, KEY_LIFETIME))
                .token();
        keyring.close().await();
        return key;
    }

    /** Ends the child JVM, removes the folder and releases the lock. Any thread; idempotent. */
    @Override
    public synchronized void close() throws IOException {
        isClosed = true;
        if (service != null) {
            service.close();
        }
        try {
            removeFolder();
        } finally {
            lock.close();
        }
    }

    private void removeFolder() throws IOException {
        if (Files.exists(folder)) {
            Files.walkFileTree(folder, new Removal());
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
