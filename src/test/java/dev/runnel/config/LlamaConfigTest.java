package dev.runnel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.tree.ConfigException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaConfigTest {

    private static final String HASH = "0123456789abcdef".repeat(4);

    @Test
    void automaticChoiceIsTheDefault() throws Exception {
        assertThat(read("{}")).isEqualTo(LlamaConfig.AUTO);
        assertThat(read("llama: { natives: auto }")).isEqualTo(LlamaConfig.AUTO);
    }

    @Test
    void bundledLibraryAndAFolderAreChoices() throws Exception {
        assertThat(read("llama: { natives: bundled }")).isEqualTo(LlamaConfig.BUNDLED);
        assertThat(read("llama: { natives: /opt/llama.cpp }")).isEqualTo(LlamaConfig.of(Path.of("/opt/llama.cpp")));
    }

    @ParameterizedTest
    @CsvSource({"cpu, CPU", "vulkan, VULKAN", "cuda, CUDA"})
    void currentLibraryIsAChoiceForEveryDevice(String natives, LlamaConfig.Choice choice) throws Exception {
        LlamaConfig config = read("llama: { natives: " + natives + " }");

        assertThat(config.natives()).isEqualTo(choice);
        assertThat(config.folder()).isEmpty();
        assertThat(config.sources()).containsExactly(new LlamaSource.Npm());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "opt/llama.cpp", "~/llama.cpp", "AUTO"})
    void anotherWordOrARelativePathIsRefused(String natives) {
        assertThatThrownBy(() -> read("llama: { natives: " + natives + " }"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("llama.natives: " + natives
                        + " (expected: auto, bundled, cpu, vulkan, cuda, or the absolute path of a folder)");
    }

    @Test
    void sourcesKeepTheirOrder() throws Exception {
        String archive = "https://example.com/llama.zip?x=1#sha256=" + HASH;

        assertThat(read("llama: { sources: [ /opt/llama, \"" + archive + "\", npm ] }")
                        .sources())
                .containsExactly(
                        new LlamaSource.Folder(Path.of("/opt/llama")),
                        new LlamaSource.Archive(URI.create("https://example.com/llama.zip?x=1"), HASH),
                        new LlamaSource.Npm());
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com/llama.zip, https://example.com/llama.zip",
        "https://example.com/llama.zip#sha256=12, https://example.com/llama.zip#sha256=12",
        "http://example.com/llama.zip, http://example.com/llama.zip",
        "https://user:secret@example.com/a?b=secret, https://…@example.com/a?…",
        "pip, pip",
        "lib/llama, lib/llama"
    })
    void sourceThatBreaksTheRuleIsRefusedWithoutItsSecrets(String source, String shown) {
        assertThatThrownBy(() -> read("llama: { sources: [ npm, \"" + source + "\" ] }"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("llama.sources[1]: " + shown
                        + " (expected: npm, https://…#sha256=HEX, or the absolute path of a folder)");
    }

    @Test
    void emptyListOfSourcesIsRefused() {
        assertThatThrownBy(() -> read("llama: { sources: [] }"))
                .hasMessageStartingWith("llama.sources: an empty list (expected: a list of at least one of: npm, ");
    }

    private static LlamaConfig read(String yaml) throws ConfigException {
        return new ConfigReader(Optional.of(Path.of("unused")), Map.of(), model -> List.of())
                .readText(yaml)
                .llama();
    }
}
