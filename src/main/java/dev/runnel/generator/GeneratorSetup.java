package dev.runnel.generator;

import dev.runnel.config.BusConfig;
import dev.runnel.config.GenerationConfig;
import dev.runnel.config.LogConfig;
import dev.runnel.metric.GenerationMeters;
import dev.runnel.trace.Tracing;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * What a {@link GeneratorVerticle} uses. All instances share one.
 *
 * @param random the source of the names of generators and generations
 */
public record GeneratorSetup(
        Models models,
        GenerationConfig generation,
        BusConfig bus,
        GenerationMeters meters,
        LogConfig log,
        Tracing tracing,
        RandomGenerator random) {

    /** With names that cannot be guessed. */
    public GeneratorSetup(
            Models models,
            GenerationConfig generation,
            BusConfig bus,
            GenerationMeters meters,
            LogConfig log,
            Tracing tracing) {
        this(models, generation, bus, meters, log, tracing, new SecureRandom());
    }
}
