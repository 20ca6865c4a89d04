package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every library in the packaged jar is named in {@code META-INF/THIRD-PARTY.txt}, with version and license. */
class ThirdPartyIT {

    private static final String THIRD_PARTY = "META-INF/THIRD-PARTY.txt";

    @Test
    void everyLibraryInTheJarIsNamed() throws Exception {
        try (JarFile jar = new JarFile(System.getProperty("runnel.jar"))) {
            List<Path> libraries = librariesIn(content(jar));
            List<String> artifacts = lines(jar)
                    .filter(line -> line.startsWith("artifact: "))
                    .map(line -> line.substring("artifact: ".length())
                            .split(":", 2)[1]
                            .replace(':', '-'))
                    .toList();

            // 60 jars and more: a list of fewer means that the search itself has failed.
            assertThat(libraries).hasSizeGreaterThan(60);
            assertThat(libraries)
                    .allSatisfy(library -> assertThat(artifacts)
                            .as(library.toString())
                            .anyMatch(artifact -> isFileOf(library.getFileName().toString(), artifact)));
        }
    }

    @Test
    void everyArtifactHasALicense() throws Exception {
        try (JarFile jar = new JarFile(System.getProperty("runnel.jar"))) {
            List<String> lines = lines(jar).toList();

            assertThat(lines).filteredOn(line -> line.startsWith("artifact: ")).isNotEmpty();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith("artifact: ")) {
                    assertThat(lines.get(i + 1)).as(lines.get(i)).matches("license: +\\S.*");
                }
            }
        }
    }

    @Test
    void nativeCodeInsideOfLibrariesIsNamed() throws Exception {
        try (JarFile jar = new JarFile(System.getProperty("runnel.jar"))) {
            assertThat(lines(jar))
                    .anyMatch(line -> line.startsWith("llama.cpp "))
                    .anyMatch(line -> line.startsWith("Brotli, in "))
                    .anyMatch(line -> line.startsWith("libffi, in "));
        }
    }

    private static Stream<String> lines(JarFile jar) throws IOException {
        JarEntry entry = jar.getJarEntry(THIRD_PARTY);
        assertThat(entry).as(THIRD_PARTY).isNotNull();
        return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip);
    }

    /** A file is called artifact, version and, for some, a classifier. */
    private static boolean isFileOf(String file, String artifact) {
        return file.equals(artifact + ".jar") || file.startsWith(artifact + "-");
    }

    /** The jars of the class path of which at least one file is in the packaged one. */
    private static List<Path> librariesIn(Map<String, Long> packaged) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(element -> element.endsWith(".jar"))
                .filter(element -> content(element).entrySet().stream().anyMatch(packaged.entrySet()::contains))
                .map(Path::of)
                .toList();
    }

    private static Map<String, Long> content(String file) {
        try (JarFile jar = new JarFile(file)) {
            return content(jar);
        } catch (IOException e) {
            throw new IllegalStateException(file, e);
        }
    }

    /** Classes and native libraries, each with its checksum: several libraries may have a description of one name. */
    private static Map<String, Long> content(JarFile jar) {
        Map<String, Long> content = new HashMap<>();
        Set<String> kinds = Set.of("class", "so", "dylib", "jnilib");
        jar.stream()
                .filter(entry ->
                        kinds.contains(entry.getName().substring(entry.getName().lastIndexOf('.') + 1)))
                .filter(entry -> !entry.getName().endsWith("module-info.class"))
                .forEach(entry -> content.put(entry.getName(), entry.getCrc()));
        return content;
    }
}
