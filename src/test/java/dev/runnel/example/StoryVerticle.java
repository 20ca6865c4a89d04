package dev.runnel.example;

import dev.runnel.message.GenerationClient;
import dev.runnel.message.GenerationRequest;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.function.Consumer;

/** README's example of a verticle that generates text: tells a story, a piece at a time, and says why it ended. */
public final class StoryVerticle extends VerticleBase {

    private final Consumer<String> page;
    private GenerationClient client;

    public StoryVerticle(Consumer<String> page) {
        this.page = page;
    }

    @Override
    public Future<?> start() {
        return GenerationClient.create(vertx).onSuccess(ready -> client = ready).compose(ready -> tellAStory());
    }

    private Future<?> tellAStory() {
        return client.submit(GenerationRequest.of("Tell me a story")).onSuccess(generation -> {
            generation.deltas().handler(delta -> page.accept(delta.text().toString()));
            generation
                    .end()
                    .onComplete(
                            end -> page.accept(" [" + end.finishReason() + "]"),
                            failure -> page.accept(" [" + failure.getMessage() + "]"));
        });
    }

    @Override
    public Future<?> stop() {
        return client.close();
    }
}
