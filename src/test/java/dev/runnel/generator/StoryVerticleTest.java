package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.example.StoryVerticle;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The example of the page event-bus.md: a verticle that generates text. */
class StoryVerticleTest {

    private static final String STORY = "Once upon a time";

    @Test
    void exampleGeneratesItsStory() throws Exception {
        try (var rig = GeneratorRig.with().model("story", Map.of("text", STORY)).start()) {
            StringBuilder heard = new StringBuilder();
            Promise<Void> whole = Promise.promise();
            rig.vertx()
                    .eventBus()
                    .<String>consumer("stories", piece -> {
                        heard.append(piece.body());
                        if (heard.length() == STORY.length()) {
                            whole.complete();
                        }
                    })
                    .completion()
                    .await(5, TimeUnit.SECONDS);

            String id = rig.vertx().deployVerticle(new StoryVerticle()).await(5, TimeUnit.SECONDS);
            whole.future().await(5, TimeUnit.SECONDS);
            rig.vertx().undeploy(id).await(5, TimeUnit.SECONDS);

            assertThat(heard).hasToString(STORY);
        }
    }

    @Test
    void pageShowsTheExampleAsItIsTested() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/runnel/example/StoryVerticle.java"));
        String shown = source.substring(source.indexOf("public final class"));

        assertThat(Files.readString(Path.of("src/site/markdown/event-bus.md"))).contains("```java\n" + shown + "```");
    }
}
