package dev.runnel.engine;

import dev.runnel.config.ModelConfig;
import java.util.List;
import java.util.Map;

/** Makes the engines of one kind. A {@link java.util.ServiceLoader} service; holds no state. */
public interface EngineProvider {

    /** The word in a model's {@code engine}. */
    String name();

    /**
     * Everything that is wrong with what a model's entry says of this engine, one line each in the form {@code name: value
     * (expected: rule)}; empty if nothing is. Touches neither network nor files.
     */
    List<String> complaints(ModelConfig model);

    /**
     * Makes the engines of all models of this kind, so that they can share what is one per process. Does no work yet.
     *
     * @param models those whose {@code engine} is {@link #name()} and about which there are no complaints
     * @return the engines by model name
     */
    Map<String, Engine> create(List<ModelConfig> models, EngineEnvironment environment);
}
