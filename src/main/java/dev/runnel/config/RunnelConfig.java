package dev.runnel.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * All settings.
 *
 * @param file the file that was read; empty if the service runs on its defaults
 * @param data the directory of secrets and models; empty if none is known
 * @param cluster the cluster that this node joins; empty for a single node
 */
public record RunnelConfig(
        Optional<Path> file,
        Optional<Path> data,
        HttpConfig http,
        ManagementConfig management,
        MemoryConfig memory,
        AuthConfig auth,
        GenerationConfig generation,
        ResumeConfig resume,
        BusConfig bus,
        Optional<ClusterConfig> cluster,
        LogConfig log,
        TracingConfig tracing,
        WarmUpConfig warmUp,
        LlamaConfig llama,
        String defaultModel,
        List<ModelConfig> models,
        List<PlanConfig> plans) {

    public RunnelConfig {
        models = List.copyOf(models);
        plans = List.copyOf(plans);
    }

    /** The same settings, with this model alone, which is the default model. */
    public RunnelConfig withOnly(ModelConfig model) {
        return new RunnelConfig(
                file,
                data,
                http,
                management,
                memory,
                auth,
                generation,
                resume,
                bus,
                cluster,
                log,
                tracing,
                warmUp,
                llama,
                model.name(),
                List.of(model),
                plans);
    }

    /** The least {@code memory.heldBytes}. One key holds at most a quarter of it, which must be one largest body. */
    public long leastHeldBytes() {
        return MemoryConfig.leastHeldBytes(http);
    }

    /**
     * The directory of secrets and models.
     *
     * @throws MissingDirectoryException if none is known
     */
    public Path dataDirectory() {
        return data.orElseThrow(MissingDirectoryException::new);
    }
}
