package dev.runnel;

import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/**
 * A Vert.x that needs no folder for temporary files. By default it makes one for files of the class path, and fails
 * where {@code /tmp} is read-only.
 */
public final class FilelessVertx {

    private FilelessVertx() {}

    /** New options, to be changed further. */
    public static VertxOptions options() {
        return new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
    }
}
