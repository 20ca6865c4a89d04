package dev.runnel.engine.llama;

import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineContract;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every engine, on each llama.cpp and a tiny model. */
@ParameterizedClass
@EnumSource(TestedLibrary.class)
class LlamaContractTest implements EngineContract {

    private final TestedLibrary library;

    LlamaContractTest(TestedLibrary library) {
        this.library = library;
    }

    @Override
    public EngineUnderTest subject() {
        return new EngineUnderTest() {

            @Override
            public Engine create(EngineEnvironment environment) {
                return LlamaContractTest.this.create(environment);
            }

            @Override
            public boolean continues() {
                return true;
            }
        };
    }

    private Engine create(EngineEnvironment environment) {
        try {
            Path file = TinyModel.write(environment.dataDirectory().resolve("tiny.gguf"));
            return library.engine(TinyModel.config(file), environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
