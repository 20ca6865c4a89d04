package dev.runnel.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {

    private static final Instant TIME = Instant.parse("2026-11-29T10:00:00Z");
    private static final String JVM = "25.0.1+8-amd64";

    @TempDir
    private Path folder;

    private Path jar;

    @BeforeEach
    void writeJar() throws IOException {
        jar = jar("runnel.jar", "content", TIME);
    }

    private Path jar(String name, String content, Instant time) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return Files.setLastModifiedTime(file, FileTime.from(time));
    }

    private Path cacheOf(Path of, String jvm) throws IOException {
        return AotCache.of(folder.resolve("data"), of, jvm).file();
    }

    @Test
    void fileIsOfOneJarAndOneJvm() throws IOException {
        Path cache = cacheOf(jar, JVM);

        assertThat(cache).hasParentRaw(folder.resolve("data/aot"));
        assertThat(cache.getFileName().toString()).matches("runnel-[0-9a-f]{16}-jdk-25\\.0\\.1\\+8-amd64\\.aot");
        assertThat(Stream.of(
                        cacheOf(jar, "25.0.2+1-amd64"),
                        cacheOf(jar("other.jar", "content", TIME), JVM),
                        cacheOf(jar("longer/runnel.jar", "content, longer", TIME), JVM),
                        cacheOf(jar("later/runnel.jar", "content", TIME.plusSeconds(1)), JVM)))
                .doesNotHaveDuplicates()
                .doesNotContain(cache);
    }

    /** The JVM accepts a jar in another folder too, and compares its time in seconds. */
    @Test
    void copyOfTheJarHasTheSameFile() throws IOException {
        Path copy = jar("copy/runnel.jar", "content", TIME.plusMillis(999));

        assertThat(cacheOf(copy, JVM)).isEqualTo(cacheOf(jar, JVM));
    }

    @Test
    void threeCachesAreKept() throws IOException {
        AotCache cache = AotCache.of(folder.resolve("data"), jar, JVM);
        Files.createDirectories(cache.file().getParent());
        for (int age = 1; age <= 4; age++) {
            Path old = cache.file().resolveSibling("runnel-" + age + ".aot");
            Files.writeString(old, "old");
            Files.setLastModifiedTime(old, FileTime.from(TIME.minusSeconds(age)));
        }
        Files.writeString(cache.file(), "new");
        Files.setLastModifiedTime(cache.file(), FileTime.from(TIME.minusSeconds(60)));
        Files.writeString(cache.file().resolveSibling("service.aot"), "of --out");

        cache.deleteOldest();

        try (Stream<Path> left = Files.list(cache.file().getParent())) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(List.of(
                            cache.file().getFileName().toString(), "runnel-1.aot", "runnel-2.aot", "service.aot"));
        }
    }

    /** The tests run from folders of classes and many jars. */
    @Test
    void processWithoutAJarHasNone() throws IOException {
        assertThat(AotCache.ofProcess(folder)).isEmpty();
    }
}
