package dev.runnel.example;

import dev.runnel.client.GenerationClient;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.NumberedMessage;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

public final class WordGuard extends VerticleBase {
    private GenerationClient client;

    @Override
    public Future<?> start() {
        return GenerationClient.create(vertx)
                .onSuccess(ready -> client = ready)
                .compose(ready -> vertx.eventBus()
                        .<NumberedMessage>consumer(Addresses.DELTAS, message -> check(message.body()))
                        .completion());
    }

    private void check(NumberedMessage message) {
        if (message instanceof Delta delta && delta.text().toString().contains("dragon")) {
            client.cancel(delta.generationId(), Cancel.Cause.FILTERED);
        }
    }

    @Override
    public Future<?> stop() {
        return client.close();
    }
}
