package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.config.LlamaConfig;
import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The versions of llama.cpp that the tests run on. */
enum TestedLibrary {
    /** b4916, in the jar. */
    BUNDLED,
    /** v0.4.0, which {@code .ci/run} fetches. Its tests are skipped where it is missing, but fail if CI is set. */
    V040;

    private static final Path FOLDER = Path.of("target", "llama.cpp").toAbsolutePath();

    /** The settings with this library. */
    LlamaConfig config() {
        if (this == BUNDLED) {
            return LlamaConfig.DEFAULT;
        }
        if (System.getenv("CI") != null) {
            assertThat(FOLDER).isDirectory();
        }
        assumeTrue(Files.isDirectory(FOLDER), FOLDER + " is missing");
        return new LlamaConfig(Optional.of(FOLDER));
    }

    EngineEnvironment in(EngineEnvironment other) {
        return new EngineEnvironment(
                other.vertx(), other.dataDirectory(), config(), other.listener(), other.heldTexts());
    }

    /** An engine of this one model. */
    Engine engine(ModelConfig model, EngineEnvironment environment) {
        return Objects.requireNonNull(
                new LlamaProvider().create(List.of(model), in(environment)).get(model.name()));
    }
}
