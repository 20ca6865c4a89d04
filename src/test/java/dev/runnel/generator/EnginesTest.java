package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.scripted.ScriptedProvider;
import dev.runnel.text.Sampling;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnginesTest {

    @Test
    void unknownEngineIsNamedWithThoseThereAre() {
        var engines = new Engines(List.of(new ScriptedProvider(), new PlayedEngine(1, 1)));

        assertThat(engines.complaints(model("lama", Map.of())))
                .containsExactly("engine: lama (expected: one of played, scripted)");
    }

    @Test
    void engineComplainsOfItsOwnSettings() {
        Engines engines = Engines.onClassPath();

        assertThat(engines.complaints(model("scripted", Map.of("sequences", "none"))))
                .containsExactly("sequences: none (expected: 1 … 1000000)");
        assertThat(engines.complaints(model("scripted", Map.of()))).isEmpty();
    }

    private static ModelConfig model(String engine, Map<String, Object> settings) {
        return new ModelConfig("model", engine, ModelConfig.Template.CHAT, null, Sampling.UNSET, settings);
    }
}
