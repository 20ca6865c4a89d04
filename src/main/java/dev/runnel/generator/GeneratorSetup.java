package dev.runnel.generator;

import dev.runnel.config.BusConfig;
import dev.runnel.config.GenerationConfig;
import dev.runnel.config.LogConfig;
import dev.runnel.metric.GenerationMeters;
import dev.runnel.trace.Tracing;

/** What a {@link GeneratorVerticle} uses. All instances share one. */
public record GeneratorSetup(
        Models models,
        GenerationConfig generation,
        BusConfig bus,
        GenerationMeters meters,
        LogConfig log,
        Tracing tracing) {}
