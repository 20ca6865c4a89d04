package dev.runnel.generator;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The engine providers by name. */
public final class Engines {

    private final Map<String, EngineProvider> providers = new TreeMap<>();

    Engines(Iterable<EngineProvider> providers) {
        providers.forEach(provider -> this.providers.put(provider.name(), provider));
    }

    /** The providers of every jar on the class path. */
    public static Engines onClassPath() {
        return new Engines(ServiceLoader.load(EngineProvider.class));
    }

    /** The errors in a model's entry, one line each in the form {@code key: value (expected: rule)}. */
    public List<String> complaints(ModelConfig model) {
        EngineProvider provider = providers.get(model.engine());
        return provider == null
                ? List.of("engine: " + model.engine() + " (expected: one of " + String.join(", ", providers.keySet())
                        + ")")
                : provider.complaints(model);
    }

    /** Makes the engines, by model name, of models without {@link #complaints}. Opens none of them. */
    public Map<String, Engine> create(List<ModelConfig> models, EngineEnvironment environment) {
        Map<String, Engine> engines = new HashMap<>();
        providers.forEach((name, provider) -> {
            List<ModelConfig> its =
                    models.stream().filter(model -> model.engine().equals(name)).toList();
            if (!its.isEmpty()) {
                engines.putAll(provider.create(its, environment));
            }
        });
        return engines;
    }
}
