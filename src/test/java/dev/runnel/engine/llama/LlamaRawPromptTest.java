package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.EngineRig;
import dev.runnel.engine.Prompt;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A raw prompt for a model that has a chat template and a text of the system. */
@ParameterizedClass
@EnumSource(TestedLibrary.class)
@ExtendWith(VertxExtension.class)
class LlamaRawPromptTest {

    private final TestedLibrary library;

    @AutoClose
    private EngineRig rig;

    LlamaRawPromptTest(TestedLibrary library) {
        this.library = library;
    }

    @BeforeEach
    void open(Vertx vertx, @TempDir Path directory) throws Exception {
        ModelConfig tiny = TinyModel.config(TinyModel.write(directory.resolve("tiny.gguf")));
        var config = new ModelConfig(
                tiny.name(), tiny.engine(), tiny.template(), "Be brief.", tiny.sampling(), tiny.settings());
        rig = TinyModel.open(vertx, config, directory, library);
    }

    private int tokens(String options) throws Exception {
        Prompt prompt = new Prompt(List.of(Turn.user("abc")), Sampling.UNSET, 1, false, options);
        return ((TokenizedPrompt) rig.prepare(prompt)).tokens().length;
    }

    @Test
    void rawPromptIsTheStartOfTheText() throws Exception {
        assertThat(tokens("{\"raw_prompt\":true}")).isEqualTo(3);
        assertThat(tokens("{\"raw_prompt\":false}")).isEqualTo(tokens("")).isGreaterThan(3);
    }
}
