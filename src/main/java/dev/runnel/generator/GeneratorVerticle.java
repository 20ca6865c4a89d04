package dev.runnel.generator;

import dev.runnel.client.SameLoop;
import dev.runnel.message.Addresses;
import dev.runnel.message.codec.MessageCodecs;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Binds a generator to the bus. Any number of instances share the models and their queues. */
public final class GeneratorVerticle extends VerticleBase {

    private final GeneratorSetup setup;
    private final List<MessageConsumer<Object>> consumers = new ArrayList<>();

    private @Nullable Generator generator;

    public GeneratorVerticle(GeneratorSetup setup) {
        this.setup = setup;
    }

    @Override
    public Future<?> start() {
        MessageCodecs.register(vertx.eventBus());
        var bound = new Generator(context, setup);
        generator = bound;
        String own = Addresses.generator(bound.instance());
        return Future.all(listen(own, bound), listen(Addresses.GENERATIONS, bound))
                .onSuccess(listening -> SameLoop.announce(vertx, bound.instance()))
                .onSuccess(listening -> bound.listen());
    }

    private Future<Void> listen(String address, Generator bound) {
        MessageConsumer<Object> consumer = vertx.eventBus().consumer(address, bound::receive);
        consumers.add(consumer);
        return consumer.completion();
    }

    /** Refuses new generations; completes when every accepted one has ended. Any thread. */
    public Future<Void> drain() {
        return onContext(Generator::drain);
    }

    /**
     * Ends the running generations with {@code DRAINING}. Those of consumers on other nodes go on there. Any thread.
     *
     * @return how many generations had no ending before
     */
    public Future<Integer> cut() {
        return onContext(bound -> Future.succeededFuture(bound.cut()));
    }

    /** The address of its generator, from when the verticle is deployed. */
    public String address() {
        return Addresses.generator(
                Objects.requireNonNull(generator, "not deployed").instance());
    }

    private <T> Future<T> onContext(Function<Generator, Future<T>> action) {
        Promise<T> done = Promise.promise();
        context.runOnContext(now ->
                action.apply(Objects.requireNonNull(generator, "not deployed")).onComplete(done));
        return done.future();
    }

    /** Accepts nothing more and ends what runs; completes when the engines have ended it. */
    @Override
    public Future<?> stop() {
        Generator bound = generator;
        if (bound == null) {
            return Future.succeededFuture();
        }
        SameLoop.withdraw(vertx, bound.instance());
        bound.stopListening();
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> {
                    bound.cut();
                    return bound.drain();
                });
    }
}
