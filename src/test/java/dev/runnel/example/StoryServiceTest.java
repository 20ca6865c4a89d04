package dev.runnel.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.Runnel;
import dev.runnel.ServiceConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the page event-bus.md that run in a service. */
class StoryServiceTest {

    private static final String STORY = "Once upon a time";

    /** With 256 tokens of 10 ms each, a story that repeats lasts longer than the test needs to register a reader. */
    private static final String REPEATED = "interval: 10ms, repeat: true";

    @TempDir
    private Path data;

    private RunnelConfig config(String pace) {
        return ServiceConfig.of("""
                http: { port: 0 }
                management: { port: 0 }
                defaultModel: story
                models: [ { name: story, engine: scripted, text: %s, %s } ]
                """.formatted(STORY, pace), data);
    }

    @Test
    void ownMainDeploysTheVerticleIntoTheService() throws Exception {
        Runnel runnel = StoryService.start(config(REPEATED)).await(20, TimeUnit.SECONDS);
        try {
            Promise<String> piece = Promise.promise();
            runnel.vertx().eventBus().<String>consumer("stories", message -> piece.tryComplete(message.body()));

            assertThat(STORY)
                    .contains(piece.future().await(20, TimeUnit.SECONDS).strip());
        } finally {
            runnel.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void observerReceivesTheTextOfAGeneration() throws Exception {
        Runnel runnel =
                Runnel.start(config("repeat: false"), EngineListener.SILENT).await(20, TimeUnit.SECONDS);
        try {
            runnel.opened().await(20, TimeUnit.SECONDS);
            Queue<String> observed = new ConcurrentLinkedQueue<>();
            Promise<String> end = Promise.promise();
            runnel.vertx().eventBus().<String>consumer("stories.ended", message -> end.tryComplete(message.body()));
            runnel.vertx()
                    .deployVerticle(
                            new DeltaObserver(delta -> observed.add(delta.text().toString())))
                    .await(20, TimeUnit.SECONDS);
            runnel.vertx().deployVerticle(new StoryVerticle()).await(20, TimeUnit.SECONDS);

            assertThat(end.future().await(20, TimeUnit.SECONDS)).isEqualTo("stop");
            await().untilAsserted(() -> assertThat(String.join("", observed)).isEqualTo(STORY));
        } finally {
            runnel.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void pageShowsTheExamplesAsTheyAreTested() throws IOException {
        assertThat(Files.readString(Path.of("src/site/markdown/event-bus.md")))
                .contains(shown("StoryService"))
                .contains(shown("DeltaObserver"));
    }

    private static String shown(String example) throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/runnel/example", example + ".java"));
        return "```java\n" + source.substring(source.indexOf("public final class")) + "```";
    }
}
