package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.LlamaConfig;
import dev.runnel.config.LlamaConfig.Choice;
import dev.runnel.config.LlamaSource;
import dev.runnel.engine.EngineListener;
import dev.runnel.model.PackageStores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which library a model gets, without a registry. */
class NativesTest {

    private static final Natives.Need LLAMA = new Natives.Need("llama", 0);
    private static final List<String> SET = List.of("libllama.so", "libggml-base.so", "libggml-cpu.so");

    private final List<String> notices = new ArrayList<>();

    @TempDir
    Path directory;

    @Test
    void modelOfAKnownArchitectureGetsTheLibraryInTheJar() throws Exception {
        Path known = TinyModel.write(directory.resolve("known.gguf"));

        assertThat(natives(LlamaConfig.AUTO).folder("m", known)).isEmpty();
        assertThat(directory.resolve("native")).doesNotExist();
    }

    @Test
    void modelOfALaterArchitectureIsRefusedInOneLineIfNothingCanBeFetched() throws Exception {
        Path later = TinyModel.write(directory.resolve("later.gguf"), TinyArchitecture.QWEN3);

        assertThatThrownBy(() -> natives(LlamaConfig.AUTO).folder("m", later))
                .isInstanceOf(LlamaUnavailableException.class)
                .hasMessageStartingWith("llama.cpp b4916 in the jar does not know the architecture qwen3, and v0.4.0 is"
                        + " not available: m: no source has its file (https://localhost:1/@node-llama-cpp/")
                .hasMessageContaining("package.tgz")
                .hasMessageNotContaining("\n");
    }

    @Test
    void modelOfMoreExpertsThanTheLibraryInTheJarHasRoomForIsRefusedAsALaterOne() throws Exception {
        Path large = directory.resolve("large.gguf");
        new GgufWriter()
                .text("general.architecture", "deepseek2")
                .number("deepseek2.expert_count", 384)
                .number("deepseek2.expert_used_count", 8)
                .write(large);

        assertThatThrownBy(() -> natives(LlamaConfig.AUTO).folder("m", large))
                .hasMessageStartingWith(
                        "llama.cpp b4916 in the jar has no room for 384 experts, and v0.4.0 is not available: m: ");
    }

    @Test
    void damagedFileIsLeftToTheLoader() throws Exception {
        Path damaged = Files.writeString(directory.resolve("damaged.gguf"), "GGUF");

        assertThat(natives(LlamaConfig.AUTO).folder("m", damaged)).isEmpty();
    }

    @Test
    void configurationDecidesForEveryModel() throws Exception {
        Path known = TinyModel.write(directory.resolve("known.gguf"));
        Path later = TinyModel.write(directory.resolve("later.gguf"), TinyArchitecture.QWEN3);

        assertThat(natives(LlamaConfig.BUNDLED).folder("m", later)).isEmpty();
        assertThat(natives(LlamaConfig.of(directory)).folder("m", known)).contains(directory);
    }

    @Test
    void everyModelGetsTheCurrentLibraryIfTheConfigurationNamesADeviceOrTheJarHasNone() throws Exception {
        Platform linux = Platform.of("Linux", "amd64");
        Platform windows = Platform.of("Windows 11", "amd64");

        assertThat(Natives.isForTheJar(Choice.AUTO, linux, LLAMA)).isTrue();
        assertThat(Natives.isForTheJar(Choice.AUTO, linux, new Natives.Need("qwen3", 0)))
                .isFalse();
        assertThat(Natives.isForTheJar(Choice.CPU, linux, LLAMA)).isFalse();
        assertThat(Natives.isForTheJar(Choice.CUDA, linux, LLAMA)).isFalse();
        assertThat(Natives.isForTheJar(Choice.AUTO, windows, LLAMA)).isFalse();
    }

    @Test
    void moreExpertsThanTheLibraryInTheJarHasRoomForNeedTheOther() throws Exception {
        Platform linux = Platform.of("Linux", "amd64");

        assertThat(Natives.isForTheJar(Choice.AUTO, linux, new Natives.Need("deepseek2", 256)))
                .isTrue();
        assertThat(Natives.isForTheJar(Choice.AUTO, linux, new Natives.Need("deepseek2", 384)))
                .isFalse();
    }

    @Test
    void nextSourceIsTriedIfOneFailsOrHasHalfASet() throws Exception {
        Path half = Files.createDirectory(directory.resolve("half"));
        Files.createFile(half.resolve("libllama.so"));
        Path whole = Files.createDirectory(directory.resolve("whole"));
        for (String name : SET) {
            Files.createFile(whole.resolve(name));
        }
        List<LlamaSource> sources =
                List.of(new LlamaSource.Npm(), new LlamaSource.Folder(half), new LlamaSource.Folder(whole));

        assertThat(natives(config(sources)).folder("m", TinyModel.write(directory.resolve("m.gguf"))))
                .contains(whole);
        assertThat(notices).hasSize(2);
        assertThat(notices.get(0)).startsWith("m: no source has its file (https://localhost:1/@node-llama-cpp/");
        assertThat(notices.get(1))
                .isEqualTo(half + " has no library libggml-base (expected: all libraries of llama.cpp v0.4.0);"
                        + " the next one of llama.sources is tried");
    }

    @Test
    void archiveInTheDataDirectoryNeedsNoNetwork() throws Exception {
        byte[] archive = archive();
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
        Path place = directory.resolve("native/release-" + hash.substring(0, 16));
        Files.createDirectories(place);
        Files.write(place.resolve("archive"), archive);
        URI address = URI.create("https://localhost:1/llama-b1-bin-ubuntu-x64.zip");

        Optional<Path> folder = natives(config(List.of(new LlamaSource.Archive(address, hash))))
                .folder("m", TinyModel.write(directory.resolve("m.gguf")));

        assertThat(folder).contains(place.resolve("files"));
        try (Stream<Path> files = Files.list(place.resolve("files"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "libllama.so", "libggml-base.so", "libggml-cpu.so", "LICENSE", "LICENSE.llama.cpp");
        }
    }

    @Test
    void refusalNamesWhatEachSourceLacks() {
        Path nowhere = directory.resolve("nowhere");
        Path model = directory.resolve("m.gguf");

        assertThatThrownBy(() -> natives(config(List.of(new LlamaSource.Npm(), new LlamaSource.Folder(nowhere))))
                        .folder("m", TinyModel.write(model)))
                .isInstanceOf(LlamaUnavailableException.class)
                .hasMessageStartingWith("llama.cpp v0.4.0 is not available: m: no source has its file (https://local")
                .hasMessageEndingWith(
                        "; " + nowhere + " cannot be read (expected: a folder with the libraries of llama.cpp)")
                .hasMessageNotContaining("\n");
    }

    @Test
    void libraryInTheJarKnowsEachArchitectureOfTheList() throws Exception {
        LlamaLibrary library = NativeLlama.bundled(directory);

        for (String architecture : Natives.BUNDLED_ARCHITECTURES) {
            assertThatThrownBy(() -> LlamaModel.load(empty(architecture), library))
                    .as(architecture)
                    .hasMessageNotContaining("unknown model architecture");
        }
        assertThatThrownBy(() -> LlamaModel.load(empty("qwen3"), library))
                .hasMessageContaining("unknown model architecture");
    }

    private Path empty(String architecture) throws Exception {
        Path file = directory.resolve(architecture + ".gguf");
        new GgufWriter().text("general.architecture", architecture).write(file);
        return file;
    }

    private Natives natives(LlamaConfig config) {
        return new Natives(config, PackageStores.unreachable(directory), new EngineListener() {
            @Override
            public void notice(String model, String line) {
                notices.add(line);
            }
        });
    }

    private static LlamaConfig config(List<LlamaSource> sources) {
        return new LlamaConfig(Choice.CPU, Optional.empty(), sources);
    }

    private static byte[] archive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : SET) {
                zip.putNextEntry(new ZipEntry("build/bin/" + name));
                zip.write(name.getBytes(StandardCharsets.UTF_8));
            }
            zip.putNextEntry(new ZipEntry("LICENSE"));
            zip.putNextEntry(new ZipEntry("build/bin/llama-server"));
        }
        return bytes.toByteArray();
    }
}
