package dev.runnel.warmup;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The place of the AOT cache of one jar and one JVM in the data directory. The JVM itself checks what is in the file.
 *
 * @param jar the jar as the command line of the JVM names it
 * @param file {@code aot/runnel-….aot} in the data directory
 */
public record AotCache(Path jar, Path file) {

    private static final String PREFIX = "runnel-";
    private static final String SUFFIX = ".aot";

    /** A cache has about 70 MB. Others are of older jars, or of another JVM. */
    private static final int MAX_KEPT = 3;

    /** Enough hexadecimal digits that two jars have different names. */
    private static final int DIGITS = 16;

    /** That of this process; empty if its class path is not one jar. */
    public static Optional<AotCache> ofProcess(Path dataDirectory) throws IOException {
        String classPath = System.getProperty("java.class.path", "");
        if (classPath.contains(File.pathSeparator) || !classPath.endsWith(".jar")) {
            return Optional.empty();
        }
        String jvm = Runtime.version() + "-" + System.getProperty("os.arch", "");
        return Optional.of(of(dataDirectory, Path.of(classPath), jvm));
    }

    /** @param jvm the version of a JVM and its processor, in characters of file names */
    static AotCache of(Path dataDirectory, Path jar, String jvm) throws IOException {
        // What the JVM compares: the name, the size and the time in seconds. Its folder may differ.
        String identity = jar.getFileName() + "\n" + Files.size(jar) + "\n"
                + Files.getLastModifiedTime(jar).toInstant().getEpochSecond();
        String name = PREFIX + digest(identity).substring(0, DIGITS) + "-jdk-" + jvm + SUFFIX;
        return new AotCache(jar, dataDirectory.resolve("aot").resolve(name));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Deletes the oldest caches in the folder of this one, so that three are left. */
    public void deleteOldest() throws IOException {
        Map<Path, FileTime> caches;
        try (Stream<Path> files = Files.list(file.resolveSibling(""))) {
            List<Path> found = files.filter(AotCache::isCache).toList();
            caches = found.stream().collect(Collectors.toMap(cache -> cache, AotCache::time));
        }
        List<Path> older = caches.entrySet().stream()
                .sorted(Map.Entry.<Path, FileTime>comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .filter(cache -> !cache.equals(file))
                .skip(MAX_KEPT - 1L)
                .toList();
        for (Path cache : older) {
            Files.deleteIfExists(cache);
        }
    }

    private static boolean isCache(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
    }

    /** A file that has vanished counts as old. */
    private static FileTime time(Path cache) {
        try {
            return Files.getLastModifiedTime(cache);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }
}
