package dev.runnel.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything that can be set.
 *
 * @param file the file that was read, empty where the service runs on its defaults
 * @param dataDirectory where secrets and models are kept
 */
public record RunnelConfig(
        Optional<Path> file,
        Path dataDirectory,
        HttpConfig http,
        ManagementConfig management,
        AuthConfig auth,
        GenerationConfig generation,
        BusConfig bus,
        LogConfig log,
        TracingConfig tracing,
        WarmUpConfig warmUp,
        String defaultModel,
        List<ModelConfig> models,
        List<PlanConfig> plans) {

    public RunnelConfig {
        models = List.copyOf(models);
        plans = List.copyOf(plans);
    }
}
