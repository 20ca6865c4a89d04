package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of libraries, as projects publish them: zip and tar.gz, with links or without. */
class ReleaseArchiveTest {

    private static final String PATH = "/releases/llama-bin-ubuntu-x64";

    @AutoClose
    private static TlsServer server;

    @TempDir
    private Path data;

    private final RecordingListener listener = new RecordingListener();

    @BeforeAll
    static void startServer(@TempDir Path certificates) throws Exception {
        server = TlsServer.start(certificates);
    }

    @Test
    void librariesOfAZipAreFetchedCheckedAndUnpacked() throws Exception {
        byte[] archive = zip(files("build/bin/"));

        Path folder = fetch(archive);

        assertThat(folder).isEqualTo(data.resolve("native/" + wanted(archive).folderName() + "/files"));
        assertThat(Downloads.names(folder))
                .containsExactlyInAnyOrder("libone.so", "LICENSE-two", "one.dll", "libone.dylib");
        assertThat(folder.resolve("libone.so")).hasContent("one ".repeat(1000));
        assertThat(listener.notices).containsExactly("needs " + server.url(PATH) + " and fetches it");
        assertThat(listener.done).isSorted().endsWith((long) archive.length);
    }

    @Test
    void linksOfATarballLeadToFilesOfTheFolder() throws Exception {
        Map<String, String> files = files("llama-b1/");
        files.put("llama-b1/libtwo.so@", "libtwo.so.0");
        files.put("llama-b1/libtwo.so.0@", "libtwo.so.0.4.0");
        files.put("llama-b1/libtwo.so.0.4.0", "two");
        byte[] archive = TinyPackage.archive(files);

        Path folder = fetch(archive);

        assertThat(Downloads.names(folder)).contains("libone.so", "libtwo.so", "libtwo.so.0", "libtwo.so.0.4.0");
        assertThat(folder.resolve("libtwo.so")).hasContent("two");
        Files.delete(folder.resolve("libtwo.so.0"));
        assertThat(fetch(archive).resolve("libtwo.so")).as("mended").hasContent("two");
    }

    @Test
    void secondStartFetchesNothing() throws Exception {
        byte[] archive = zip(files(""));
        Path folder = fetch(archive);
        int requests = server.requests().size();
        Files.writeString(folder.resolve("libone.so"), "other");

        assertThat(fetch(archive).resolve("libone.so")).hasContent("one ".repeat(1000));
        assertThat(server.requests()).hasSize(requests);
    }

    @Test
    void archiveWithAnotherHashIsRefused() throws Exception {
        byte[] archive = zip(files(""));
        ReleaseArchive wanted = wanted(zip(files("other/")));
        server.on(PATH, archive);

        assertThatThrownBy(() -> store().fetch("m", wanted))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining("wrong SHA-256: expected " + wanted.sha256())
                .hasMessageEndingWith("or set other sources in llama.sources.")
                .hasMessageNotContaining("\n");
        assertThat(data.resolve("native").resolve(wanted.folderName()).resolve("files"))
                .doesNotExist();
    }

    @Test
    void archiveThatIsNotWholeIsRefusedInOneLine() throws Exception {
        byte[] zip = zip(files(""));
        assertRefused(Arrays.copyOf(zip, zip.length / 2), "the package is damaged");
        assertRefused(zip(Map.of("readme.txt", "no library")), "the package has none of the needed files");
        assertRefused(
                TinyPackage.archive(Map.of("libone.so@", "libone.so.1")),
                "the package lacks the file of the link libone.so");
        Map<String, String> twice = new LinkedHashMap<>();
        twice.put("a/libone.so", "a");
        twice.put("b/libone.so", "b");
        assertRefused(zip(twice), "the package has two files libone.so");
    }

    @Test
    void nothingIsWrittenOutOfTheFolder() throws Exception {
        Map<String, String> files = files("");
        files.put("../../../../../evil.so", "evil");
        files.put("/evil2.so", "evil");
        files.put("/..", "evil");
        files.put("a/..so", "evil");
        Path outside = data.resolve("outside.so");
        Files.writeString(outside, "mine");
        files.put("outside.so@", outside.toString());
        files.put("x/outside.so", "not mine");

        assertRefused(TinyPackage.archive(files), "the package has two files outside.so");
        assertThat(outside).hasContent("mine");
        files.remove("outside.so@");
        Path folder = fetch(TinyPackage.archive(files));
        try (Stream<Path> all = Files.walk(data)) {
            assertThat(all.filter(path -> path.toString().contains("evil")))
                    .allMatch(path -> folder.equals(path.getParent()));
        }
    }

    private void assertRefused(byte[] archive, String reason) {
        assertThatThrownBy(() -> fetch(archive))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessage("m: cannot use " + server.url(PATH) + ": " + reason);
        assertThat(data.resolve("native").resolve(wanted(archive).folderName()).resolve("files"))
                .doesNotExist();
    }

    private Path fetch(byte[] archive) throws ModelUnavailableException {
        server.on(PATH, archive);
        return store().fetch("m", wanted(archive));
    }

    private PackageStore store() {
        return PackageStores.of(data, "https://localhost:1/", server.client(), listener);
    }

    private static ReleaseArchive wanted(byte[] archive) {
        return new ReleaseArchive(server.url(PATH), Downloads.hashOf(archive));
    }

    private static Map<String, String> files(String prefix) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(prefix + "llama-server", "not needed");
        files.put(prefix + "libone.so", "one ".repeat(1000));
        files.put(prefix + "one.dll", "1");
        files.put(prefix + "libone.dylib", "1");
        files.put("LICENSE-two", "free");
        return files;
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
