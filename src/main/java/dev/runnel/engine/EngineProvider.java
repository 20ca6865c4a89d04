package dev.runnel.engine;

import dev.runnel.config.ModelConfig;
import java.util.List;
import java.util.Map;

/** Makes the engines of one kind. A {@link java.util.ServiceLoader} service; holds no state. */
public interface EngineProvider {

    /** The value of {@code engine} in a model's entry. */
    String name();

    /**
     * All errors in the settings of this engine in a model's entry, one line each in the form {@code name: value
     * (expected: rule)}. Uses neither network nor files.
     */
    List<String> complaints(ModelConfig model);

    /**
     * Makes the engines of all models of this kind, so that they can share what exists once per process. Opens none of
     * them.
     *
     * @param models those whose {@code engine} is {@link #name()} and that have no {@link #complaints}
     * @return the engines by model name
     */
    Map<String, Engine> create(List<ModelConfig> models, EngineEnvironment environment);
}
