package dev.runnel.engine.scripted;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes engines that generate a text from the configuration. */
public final class ScriptedProvider implements EngineProvider {

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public List<String> complaints(ModelConfig model) {
        List<String> complaints = new ArrayList<>();
        Script.of(model, complaints);
        return complaints;
    }

    @Override
    public Map<String, Engine> create(List<ModelConfig> models, EngineEnvironment environment) {
        return models.stream()
                .collect(Collectors.toMap(
                        ModelConfig::name,
                        model -> new ScriptedEngine(Script.of(model, new ArrayList<>()), environment.vertx())));
    }
}
