package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.warmup.AotCache;
import dev.runnel.warmup.JvmAot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotAdviceTest {

    private static final Path JAR = Path.of("target/runnel.jar");

    @TempDir
    private Path folder;

    private AotCache cache;

    @BeforeEach
    void name() {
        cache = new AotCache(JAR, folder.resolve("x.aot"));
    }

    @Test
    void jvmWithoutCachesGetsNoAdvice() {
        assertThat(AotAdvice.of(new JvmAot(false, Optional.empty(), false), cache))
                .isEmpty();
    }

    @Test
    void jvmThatUsesItsCacheGetsNoAdvice() {
        assertThat(AotAdvice.of(new JvmAot(true, Optional.of(Path.of("y.aot")), true), cache))
                .isEmpty();
    }

    @Test
    void firstAdviceIsToTrain() {
        assertThat(AotAdvice.of(new JvmAot(true, Optional.empty(), false), cache))
                .get()
                .asString()
                .endsWith("(to make it: java -jar target/runnel.jar train)");
    }

    @Test
    void cacheOfThisJarIsFound() throws Exception {
        Files.writeString(cache.file(), "");

        assertThat(AotAdvice.of(new JvmAot(true, Optional.empty(), false), cache))
                .get()
                .asString()
                .endsWith(": java -XX:AOTCache=" + cache.file() + " -jar target/runnel.jar");
    }

    @Test
    void cacheThatTheJvmDoesNotUseIsNamed() {
        assertThat(AotAdvice.of(new JvmAot(true, Optional.of(Path.of("y.aot")), false), cache))
                .hasValue("y.aot: no AOT cache of this jar and JVM, so it is not used (to make it:"
                        + " java -jar target/runnel.jar train --out y.aot)");
    }
}
