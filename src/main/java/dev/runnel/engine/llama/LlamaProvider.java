package dev.runnel.engine.llama;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Creates the engines that run llama.cpp in this process. */
public final class LlamaProvider implements EngineProvider {

    @Override
    public String name() {
        return "llama";
    }

    @Override
    public List<String> complaints(ModelConfig model) {
        List<String> complaints = new ArrayList<>();
        LlamaSettings.read(model, complaints);
        return complaints;
    }

    @Override
    public Map<String, Engine> create(List<ModelConfig> models, EngineEnvironment environment) {
        OpenModels openModels = new OpenModels();
        Map<String, Engine> engines = new LinkedHashMap<>();
        for (ModelConfig model : models) {
            LlamaSettings settings = LlamaSettings.read(model, new ArrayList<>());
            engines.put(model.name(), new LlamaEngine(model, settings, environment, openModels));
        }
        return engines;
    }
}
