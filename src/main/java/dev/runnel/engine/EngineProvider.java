package dev.runnel.engine;

import dev.runnel.config.ModelConfig;
import java.util.List;
import java.util.Map;

/** Makes the engines of one kind. A {@link java.util.ServiceLoader} service; holds no state. */
public interface EngineProvider {

    /**
     * The word in a model's {@code engine}.
     *
     * @return lower case
     */
    String name();

    /**
     * Checks a model's settings of this engine. Touches neither network nor files.
     *
     * @param model one whose {@code engine} is {@link #name()}
     * @return everything that is wrong, one line each in the form {@code name: value (expected: rule)}; empty if
     *     nothing is
     */
    List<String> complaints(ModelConfig model);

    /**
     * Makes the engines of all models of this kind, so that they can share what exists once per process. Does no work
     * yet.
     *
     * @param models those whose {@code engine} is {@link #name()} and for which there are no complaints
     * @param environment what they get from the service
     * @return the engines by model name
     */
    Map<String, Engine> create(List<ModelConfig> models, EngineEnvironment environment);
}
