package dev.runnel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.tree.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaConfigTest {

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
    @ValueSource(strings = {"cuda", "opt/llama.cpp", "~/llama.cpp", "AUTO"})
    void anotherWordOrARelativePathIsRefused(String natives) {
        assertThatThrownBy(() -> read("llama: { natives: " + natives + " }"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "llama.natives: " + natives + " (expected: auto, bundled, or the absolute path of a folder)");
    }

    private static LlamaConfig read(String yaml) throws ConfigException {
        return new ConfigReader(Optional.of(Path.of("unused")), Map.of(), model -> List.of())
                .readText(yaml)
                .llama();
    }
}
