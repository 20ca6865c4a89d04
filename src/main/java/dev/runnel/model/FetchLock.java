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
 * The lock of the fetch of one model. It excludes other processes that share the data directory, and other services in
 * this process. The operating system releases it when its process dies. The file stays, because removing it would race.
 *
 * @param waited whether another fetch held it first
 */
record FetchLock(FileChannel channel, FileLock lock, boolean waited) implements AutoCloseable {

    private static final long RETRY_MILLIS = 100;

    /** Waits until it is free. {@code onWait} runs once if it is not free at once. */
    static FetchLock acquire(Path file, Runnable onWait) throws IOException, InterruptedException {
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

    /** {@link FileChannel#lock} waits for other processes only, and throws if this process holds the lock. */
    private static Optional<FileLock> attempt(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    /** The latch is never counted down: only an interrupt ends the wait early. */
    private static void pause() throws InterruptedException {
        boolean never = new CountDownLatch(1).await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        assert !never;
    }

    @Override
    public void close() throws IOException {
        channel.close(); // releases the lock
    }
}
