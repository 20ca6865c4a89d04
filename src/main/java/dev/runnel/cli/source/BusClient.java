package dev.runnel.cli.source;

import dev.runnel.client.ClientGeneration;
import dev.runnel.client.GenerationClient;
import dev.runnel.client.GenerationRequest;
import dev.runnel.message.Finished;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** Requests generations on the bus, and puts what arrives into a queue for the thread of the command. */
final class BusClient extends VerticleBase {

    private @Nullable GenerationClient client;

    /** What arrives. */
    sealed interface Event permits Started, Text, End, Failure {}

    record Started(String id) implements Event {}

    record Text(String piece) implements Event {}

    record End(Finished finished) implements Event {}

    record Failure(Throwable cause) implements Event {}

    @Override
    public Future<?> start() {
        return GenerationClient.create(vertx).onSuccess(created -> client = created);
    }

    /** Requests a generation. Its last event is an {@link End} or a {@link Failure}. Any thread. */
    void submit(GenerationRequest request, StopSignal stop, BlockingQueue<Event> events) {
        context.runOnContext(turn -> Objects.requireNonNull(client, "not deployed")
                .submit(request, stop::isStopped)
                .onSuccess(generation -> read(generation, stop, events))
                .onFailure(refusal -> events.add(new Failure(refusal))));
    }

    private void read(ClientGeneration generation, StopSignal stop, BlockingQueue<Event> events) {
        events.add(new Started(generation.id()));
        generation.deltas().handler(delta -> events.add(new Text(delta.text().toString())));
        generation
                .end()
                .onSuccess(finished -> events.add(new End(finished)))
                .onFailure(failure -> events.add(new Failure(failure)));
        stop.onStop(() -> context.runOnContext(turn -> generation.cancel()));
    }

    @Override
    public Future<?> stop() {
        return client == null ? Future.succeededFuture() : client.close();
    }
}
