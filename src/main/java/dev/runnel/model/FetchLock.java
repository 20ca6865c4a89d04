package dev.runnel.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Held by the one that fetches a model, among all processes that share a data directory, and among all services in this
 * process. The operating system frees it when its process dies. The file stays, for removing it would race.
 *
 * @param waited whether somebody else held it before
 */
record FetchLock(FileChannel channel, FileLock lock, boolean waited) implements AutoCloseable {

    private static final long LOOK_MILLIS = 100;

    /** Waits until it is free. {@code onWait} runs once if it is not free at once. */
    static FetchLock take(Path file, Runnable onWait) throws IOException, InterruptedException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            Optional<FileLock> lock = attempt(channel);
            boolean waited = lock.isEmpty();
            if (waited) {
                onWait.run();
            }
            while (lock.isEmpty()) {
                pause();
                lock = attempt(channel);
            }
            return new FetchLock(channel, lock.get(), waited);
        } catch (IOException | InterruptedException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The blocking way in knows other processes only, and throws where this one holds the lock already. */
    private static Optional<FileLock> attempt(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    /** Nobody counts this down: an interrupt ends the wait early. */
    private static void pause() throws InterruptedException {
        boolean never = new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        assert !never;
    }

    @Override
    public void close() throws IOException {
        channel.close(); // frees the lock
    }
}
