package dev.runnel.generator;

import dev.runnel.config.BusConfig;
import dev.runnel.config.GenerationConfig;
import dev.runnel.config.LogConfig;
import dev.runnel.metric.GenerationMeters;
import dev.runnel.trace.Tracing;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a {@link GeneratorVerticle} uses. All instances share one.
 *
 * @param random the source of the names of generators and generations
 * @param kept what is kept of resumable generations of other nodes; empty without a cluster
 */
public record GeneratorSetup(
        Models models,
        GenerationConfig generation,
        BusConfig bus,
        GenerationMeters meters,
        LogConfig log,
        Tracing tracing,
        RandomGenerator random,
        Optional<KeptRuns> kept) {

    /** With names that cannot be guessed. */
    public GeneratorSetup(
            Models models,
            GenerationConfig generation,
            BusConfig bus,
            GenerationMeters meters,
            LogConfig log,
            Tracing tracing,
            Optional<KeptRuns> kept) {
        this(models, generation, bus, meters, log, tracing, new SecureRandom(), kept);
    }

    /** Without a cluster. */
    public GeneratorSetup(
            Models models,
            GenerationConfig generation,
            BusConfig bus,
            GenerationMeters meters,
            LogConfig log,
            Tracing tracing,
            RandomGenerator random) {
        this(models, generation, bus, meters, log, tracing, random, Optional.empty());
    }

    /** Without a cluster, with names that cannot be guessed. */
    public GeneratorSetup(
            Models models,
            GenerationConfig generation,
            BusConfig bus,
            GenerationMeters meters,
            LogConfig log,
            Tracing tracing) {
        this(models, generation, bus, meters, log, tracing, Optional.empty());
    }
}
