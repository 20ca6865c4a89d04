package dev.runnel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The bound ports.
 *
 * @param cluster of the cluster's members; 0 without a cluster
 */
public record Ports(int http, int management, int cluster) {

    /** Without a cluster. */
    public Ports(int http, int management) {
        this(http, management, 0);
    }

    /** Whether the folder of such a file exists and is writable. */
    public static boolean canBeWrittenTo(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && Files.isDirectory(folder) && Files.isWritable(folder) && !Files.isDirectory(file);
    }

    /**
     * Writes {@code {"http":8080,"management":8081}}, with {@code "cluster":5701} in a cluster. The file is moved in
     * place, so no reader sees a part of it.
     */
    public void writeTo(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path whole = Files.createTempFile(
                absolute.getParent(), absolute.getFileName().toString(), ".tmp");
        try {
            Files.writeString(whole, "{\"http\":" + http + ",\"management\":" + management + members() + "}\n");
            Files.move(whole, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** Reads a file of {@link #writeTo}. */
    public static Ports readFrom(Path file) throws IOException {
        JsonNode ports = new ObjectMapper().readTree(file.toFile());
        return new Ports(
                ports.path("http").asInt(),
                ports.path("management").asInt(),
                ports.path("cluster").asInt());
    }

    private String members() {
        return cluster == 0 ? "" : ",\"cluster\":" + cluster;
    }
}
