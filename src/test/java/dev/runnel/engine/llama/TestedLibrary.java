package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.LlamaConfig;
import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.model.PackageStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.opentest4j.TestAbortedException;

/** The versions of llama.cpp that the tests run on. */
enum TestedLibrary {
    /** b4916, in the jar. */
    BUNDLED,
    /** v0.4.0, from the npm registry. Its tests are skipped where that is not available, but fail if CI is set. */
    V040;

    /** The data directory that keeps v0.4.0. */
    static final Path DATA = Path.of("target", "llama").toAbsolutePath();

    /** The settings with this library. */
    LlamaConfig config() {
        return this == BUNDLED ? LlamaConfig.BUNDLED : Fetched.config();
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

    /** Fetched once in a process. */
    private static final class Fetched {

        private static Path folder;
        private static String failure;

        private Fetched() {}

        private static synchronized LlamaConfig config() {
            if (folder == null && failure == null) {
                fetch();
            }
            if (failure != null) {
                assertThat(System.getenv("CI"))
                        .as("CI is set, but: %s", failure)
                        .isNull();
                throw new TestAbortedException(failure);
            }
            return LlamaConfig.of(folder);
        }

        private static void fetch() {
            try {
                var store = new PackageStore(DATA, EngineListener.SILENT);
                var sources = new NativeSources(LlamaConfig.AUTO, store, EngineListener.SILENT);
                folder = sources.folder("tiny", Platform.ofThisMachine());
            } catch (LlamaUnavailableException e) {
                failure = e.getMessage();
            }
        }
    }
}
