package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.auth.AuthSetupException;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.metric.Metrics;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnelTest {

    @TempDir
    private Path folder;

    @Test
    void startThatFailsForItsKeysHasClosedEverything() throws Exception {
        Path noDirectory = Files.createFile(folder.resolve("data"));
        RunnelConfig config = ServiceConfig.of("http: { port: 0 }\nmanagement: { port: 0 }\n", noDirectory);
        var metrics = new Metrics();

        Future<Boolean> wasClosed = Runnel.start(config, EngineListener.SILENT, WarmUpTask.NONE, metrics)
                .transform(failed -> Future.succeededFuture(metrics.registry().isClosed()));

        assertThat(wasClosed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> Runnel.start(config, EngineListener.SILENT).await(20, TimeUnit.SECONDS))
                .isInstanceOf(AuthSetupException.class);
    }
}
