package dev.runnel.engine.llama;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineContract;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** What holds for every engine, on llama.cpp and a tiny model. */
class LlamaContractTest implements EngineContract {

    @Override
    public EngineUnderTest subject() {
        return new EngineUnderTest() {

            @Override
            public Engine create(EngineEnvironment environment) {
                return LlamaContractTest.create(environment);
            }

            @Override
            public boolean continues() {
                return true;
            }
        };
    }

    private static Engine create(EngineEnvironment environment) {
        try {
            Path file = TinyModel.write(environment.dataDirectory().resolve("tiny.gguf"));
            ModelConfig config = TinyModel.config(file);
            return Objects.requireNonNull(
                    new LlamaProvider().create(List.of(config), environment).get(config.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
