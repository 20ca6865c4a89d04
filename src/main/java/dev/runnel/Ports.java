package dev.runnel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The ports that the service really listens on. */
public record Ports(int http, int management) {

    /** Whether the folder of such a file is there, and takes files. */
    public static boolean canBeWrittenTo(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && Files.isDirectory(folder) && Files.isWritable(folder) && !Files.isDirectory(file);
    }

    /** Writes {@code {"http":8080,"management":8081}}; whoever sees the file sees all of it. */
    public void writeTo(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path whole = Files.createTempFile(
                absolute.getParent(), absolute.getFileName().toString(), ".tmp");
        Files.writeString(whole, "{\"http\":" + http + ",\"management\":" + management + "}\n");
        Files.move(whole, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
