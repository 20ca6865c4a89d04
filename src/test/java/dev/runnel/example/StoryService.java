package dev.runnel.example;

import dev.runnel.Runnel;
import dev.runnel.config.ConfigReader;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.generator.Engines;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Optional;

public final class StoryService {
    public static void main(String[] args) throws Exception {
        Optional<Path> home = Optional.of(Path.of(System.getProperty("user.home")));
        ConfigReader reader = new ConfigReader(home, System.getenv(), Engines.onClassPath()::complaints);
        start(reader.read(Optional.empty()).config()).await();
    }

    static Future<Runnel> start(RunnelConfig config) {
        return Runnel.start(config, EngineListener.SILENT)
                .compose(runnel -> runnel.opened()
                        .compose(problem -> runnel.vertx().deployVerticle(new StoryVerticle()))
                        .map(runnel));
    }
}
