package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.ModelFacts;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two thousand generations, eight at a time. On the tiny model with every build; on another one by hand, with the
 * system property {@code soak.model} set to its file.
 */
@ParameterizedClass
@EnumSource(TestedLibrary.class)
@ExtendWith(VertxExtension.class)
class SoakTest {

    private static final int GENERATIONS = 2_000;
    private static final int WARM_UP = 400;
    private static final int AT_ONCE = 8;
    private static final long GROWTH_BYTES = 64L << 20;

    private final TestedLibrary library;
    private final Vertx vertx;
    private LlamaEngine engine;

    @TempDir
    Path directory;

    SoakTest(TestedLibrary library, Vertx vertx) {
        this.library = library;
        this.vertx = vertx;
    }

    @AfterEach
    void close() throws Exception {
        if (engine != null) {
            engine.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void everyGenerationEndsOnceAndNothingStaysReserved() throws Exception {
        engine = engine(Map.of());
        ModelFacts facts = engine.open().await(60, TimeUnit.SECONDS);

        soak(facts, WARM_UP, 1);
        long before = residentBytes();
        soak(facts, GENERATIONS, 2);
        long after = residentBytes();

        assertThat(after - before).as("growth of the process, in bytes").isLessThan(GROWTH_BYTES);
        assertNothingIsLeft();
    }

    @Test
    void fullContextFailsNoGeneration() throws Exception {
        engine = engine(Map.of("contextCells", 1024));
        ModelFacts facts = engine.open().await(60, TimeUnit.SECONDS);

        soak(facts, GENERATIONS / 4, 3);

        assertNothingIsLeft();
    }

    private LlamaEngine engine(Map<String, Object> settings) throws IOException {
        ModelConfig config = TinyModel.config(model(), settings);
        var environment = new EngineEnvironment(vertx, directory, EngineListener.SILENT);
        return (LlamaEngine) library.engine(config, environment);
    }

    private void soak(ModelFacts facts, int generations, long seed) throws Exception {
        Soak soak = new Soak(engine, facts.cells(), vertx.getOrCreateContext(), seed)
                .run(generations, AT_ONCE)
                .await(4, TimeUnit.HOURS);

        assertThat(soak.breaches()).as("seed %d", seed).isEmpty();
        assertThat(soak.completed() + soak.cancelled()).isEqualTo(generations);
        assertThat(soak.completed()).isGreaterThan(generations / 10);
        assertThat(soak.cancelled()).isGreaterThan(generations / 10);
    }

    private void assertNothingIsLeft() throws Exception {
        CacheUse use = engine.use(true).await(20, TimeUnit.SECONDS);
        assertThat(use.running()).isZero();
        assertThat(use.reservedCells()).isZero();
        assertThat(use.usedCells()).isEqualTo(use.prefixCells());
        engine.close().await(20, TimeUnit.SECONDS);
        Awaitility.await().until(SoakTest::threadsAreGone);
    }

    private Path model() throws IOException {
        String given = System.getProperty("soak.model");
        return given == null ? TinyModel.write(directory.resolve("tiny.gguf")) : Path.of(given);
    }

    private static boolean threadsAreGone() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("runnel-llama"));
    }

    /** What the system says this process has in memory, the Java heap after a collection; 0 where it does not say. */
    private static long residentBytes() throws IOException {
        System.gc();
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }
}
