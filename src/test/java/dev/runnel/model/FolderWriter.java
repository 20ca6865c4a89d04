package dev.runnel.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Writes one file after the other into a folder, without a pause, until it is closed or the folder is gone. */
final class FolderWriter implements AutoCloseable {

    private final Path folder;
    private final Thread thread;
    private volatile int files;

    private FolderWriter(Path folder) {
        this.folder = folder;
        this.thread = new Thread(this::write, "folder writer");
    }

    static FolderWriter start(Path folder) {
        FolderWriter writer = new FolderWriter(folder);
        writer.thread.start();
        return writer;
    }

    /** How many files it has written. */
    int files() {
        return files;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        int written = 0;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Files.createFile(folder.resolve("part-" + written));
                written++;
                files = written;
            }
        } catch (NoSuchFileException e) {
            // The folder was removed.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
