package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.runnel.auth.AuthSetupException;
import dev.runnel.config.ConfigReader;
import dev.runnel.config.MissingDirectoryException;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.metric.Metrics;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    @Test
    void startWithoutADataDirectoryFailsAndHasClosedEverything() throws Exception {
        String yaml = "models: [ { name: smollm2-135m-instruct, engine: scripted } ]";
        RunnelConfig config = new ConfigReader(Optional.empty(), Map.of(), model -> List.of()).readText(yaml);
        var metrics = new Metrics();

        Future<Runnel> started = Runnel.start(config, EngineListener.SILENT, WarmUpTask.NONE, metrics);

        assertThatThrownBy(() -> started.await(20, TimeUnit.SECONDS)).isInstanceOf(MissingDirectoryException.class);
        assertThat(metrics.registry().isClosed()).isTrue();
    }

    @Test
    void nodeWithTooFewMembersDoesNotServeItsDefaultModel() throws Exception {
        RunnelConfig config = ServiceConfig.of("""
                http: { port: 0 }
                management: { port: 0 }
                auth: { secret: "a secret of thirty-two bytes or more" }
                cluster: { enabled: true, port: 0, minimumMembers: 2 }
                defaultModel: story
                models: [ { name: story, engine: scripted } ]
                """, folder);
        Runnel runnel = Runnel.start(config, EngineListener.SILENT).await(60, TimeUnit.SECONDS);
        try {
            await().until(() -> runnel.opening().isEmpty());

            assertThat(runnel.servesDefaultModel()).isFalse();
            assertThat(runnel.clusterProblem()).contains("1 member answers (cluster.minimumMembers 2)");
            assertThat(runnel.hasOpened()).isFalse();
        } finally {
            runnel.close().await(20, TimeUnit.SECONDS);
        }
    }
}
