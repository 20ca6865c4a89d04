package dev.runnel.example;

import dev.runnel.client.ClientGeneration;
import dev.runnel.client.GenerationClient;
import dev.runnel.client.GenerationRequest;
import dev.runnel.message.Delta;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

public final class StoryVerticle extends VerticleBase {
    private GenerationClient client;

    @Override
    public Future<?> start() {
        return GenerationClient.create(vertx)
                .onSuccess(ready -> client = ready)
                .compose(ready -> ready.submit(GenerationRequest.of("Tell me a story")))
                .onSuccess(this::read);
    }

    private void read(ClientGeneration story) {
        story.deltas().handler(this::publish);
        story.end()
                .onSuccess(end -> vertx.eventBus()
                        .publish("stories.ended", end.finishReason().wireName()))
                .onFailure(failure -> vertx.eventBus().publish("stories.ended", failure.getMessage()));
    }

    private void publish(Delta delta) {
        vertx.eventBus().publish("stories", delta.text().toString());
    }

    @Override
    public Future<?> stop() {
        return client.close();
    }
}
