package dev.runnel.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All settings.
 *
 * @param file the file that was read; empty if the service runs on its defaults
 * @param dataDirectory the directory of secrets and models
 */
public record RunnelConfig(
        Optional<Path> file,
        Path dataDirectory,
        HttpConfig http,
        ManagementConfig management,
        MemoryConfig memory,
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

    /** The least {@code memory.heldBytes}. One key holds at most a quarter of it, which must be one largest body. */
    public long leastHeldBytes() {
        return MemoryConfig.BODIES * (long) http.maxBodyBytes();
    }

    /** The same settings with another {@code auth}. */
    public RunnelConfig withAuth(AuthConfig other) {
        return new RunnelConfig(
                file,
                dataDirectory,
                http,
                management,
                memory,
                other,
                generation,
                bus,
                log,
                tracing,
                warmUp,
                defaultModel,
                models,
                plans);
    }

    /** The same settings with another {@code generation}. */
    public RunnelConfig withGeneration(GenerationConfig other) {
        return new RunnelConfig(
                file,
                dataDirectory,
                http,
                management,
                memory,
                auth,
                other,
                bus,
                log,
                tracing,
                warmUp,
                defaultModel,
                models,
                plans);
    }

    /** The same settings with other models. */
    public RunnelConfig withModels(String otherDefault, List<ModelConfig> others) {
        return new RunnelConfig(
                file,
                dataDirectory,
                http,
                management,
                memory,
                auth,
                generation,
                bus,
                log,
                tracing,
                warmUp,
                otherDefault,
                others,
                plans);
    }
}
