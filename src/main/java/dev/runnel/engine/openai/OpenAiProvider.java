package dev.runnel.engine.openai;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Creates an engine for each model that OpenAI-compatible servers run. */
public final class OpenAiProvider implements EngineProvider {

    @Override
    public String name() {
        return "openai";
    }

    @Override
    public List<String> complaints(ModelConfig model) {
        List<String> complaints = new ArrayList<>();
        OpenAiSettings.read(model, complaints);
        return List.copyOf(complaints);
    }

    @Override
    public Map<String, Engine> create(List<ModelConfig> models, EngineEnvironment environment) {
        Environment process = new Environment(
                System::getenv,
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextDouble());
        Map<String, Engine> engines = new LinkedHashMap<>();
        for (ModelConfig model : models) {
            OpenAiSettings settings = OpenAiSettings.read(model, new ArrayList<>());
            engines.put(model.name(), new OpenAiEngine(model, settings, environment, process));
        }
        return engines;
    }
}
