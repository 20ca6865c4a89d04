package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.example.StoryVerticle;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StoryVerticleTest {

    @Test
    void exampleOfReadmeTellsItsStory() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("story", Map.of("text", "Once upon a time"))
                .start()) {
            List<String> page = new CopyOnWriteArrayList<>();
            Promise<Void> ended = Promise.promise();

            String id = rig.vertx()
                    .deployVerticle(new StoryVerticle(piece -> {
                        page.add(piece);
                        if (piece.endsWith("]")) {
                            ended.complete();
                        }
                    }))
                    .await(5, TimeUnit.SECONDS);
            ended.future().await(5, TimeUnit.SECONDS);
            rig.vertx().undeploy(id).await(5, TimeUnit.SECONDS);

            assertThat(String.join("", page)).isEqualTo("Once upon a time [STOP]");
        }
    }
}
