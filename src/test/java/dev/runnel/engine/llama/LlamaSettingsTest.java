package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.EngineProvider;
import dev.runnel.text.Sampling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class LlamaSettingsTest {

    private final LlamaProvider provider = new LlamaProvider();

    @Test
    void providerIsFoundUnderItsName() {
        assertThat(ServiceLoader.load(EngineProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .map(EngineProvider::name))
                .contains("llama");
    }

    @Test
    void defaultsAreThoseOfTheConfigurationFile() {
        LlamaSettings settings = LlamaSettings.read(config(Map.of()), new ArrayList<>());

        assertThat(settings.sequences()).isEqualTo(8);
        assertThat(settings.contextCells()).isEqualTo(16_384);
        assertThat(settings.threads()).isBetween(1, Runtime.getRuntime().availableProcessors());
        assertThat(settings.batchThreads()).isEqualTo(settings.threads());
    }

    @Test
    void allErrorsAreReportedAtOnce() {
        assertThat(provider.complaints(config(Map.of(
                        "sequences", 0, "contextCells", 1000, "threads", "many", "stepTokens", 4, "sequence", 8))))
                .containsExactlyInAnyOrder(
                        "sequences: 0 (expected: 1 … 64)",
                        "contextCells: 1000 (expected: a multiple of 256)",
                        "threads: many (expected: 1 … 256)",
                        "stepTokens: 4 (expected: 8 … 512)",
                        "sequence: unknown key (did you mean sequences?)");
    }

    @Test
    void systemTextWithoutATemplateIsRefused() {
        ModelConfig config = new ModelConfig(
                "m",
                "llama",
                ModelConfig.Template.NONE,
                "Be brief",
                Sampling.UNSET,
                config(Map.of()).settings());

        assertThat(provider.complaints(config))
                .containsExactly("system: a text (expected: no text with template: none)");
    }

    @Test
    void thinkingNeedsTwoMarksAndATemplate() {
        assertThat(provider.complaints(config(Map.of("thinking", "maybe", "thinkingMarks", List.of("<think>")))))
                .containsExactlyInAnyOrder(
                        "thinking: maybe (expected: true or false)",
                        "thinkingMarks: 1 texts (expected: two texts, before and after a thought)");
        ModelConfig raw = new ModelConfig(
                "m",
                "llama",
                ModelConfig.Template.NONE,
                null,
                Sampling.UNSET,
                config(Map.of("thinking", true)).settings());
        assertThat(provider.complaints(raw))
                .containsExactly("thinking: a value (expected: no value with template: none)");
    }

    private static ModelConfig config(Map<String, Object> settings) {
        Map<String, Object> own = new HashMap<>(settings);
        own.put("sources", List.of(Map.of("file", "tiny.gguf")));
        return new ModelConfig("m", "llama", ModelConfig.Template.CHAT, null, Sampling.UNSET, own);
    }
}
