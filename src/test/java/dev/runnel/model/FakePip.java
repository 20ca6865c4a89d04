package dev.runnel.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A program that is called like pip, for failures that the real one cannot be made to show. */
final class FakePip {

    private FakePip() {}

    /**
     * Writes the program.
     *
     * @param onDownload shell commands; {@code $dest} is where the wheel is to go, {@code $TMPDIR} pip's own folder
     * @return how to call it
     */
    static List<String> write(Path folder, String onDownload) throws IOException {
        Path script = Files.createDirectories(folder).resolve("pip");
        Files.writeString(script, """
            #!/bin/sh
            [ "$1" = --version ] && exit 0
            while [ $# -gt 0 ]; do
              [ "$1" = --dest ] && dest=$2
              shift
            done
            """ + onDownload + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return List.of("/bin/sh", script.toString());
    }
}
