package dev.runnel.example;

import dev.runnel.message.Addresses;
import dev.runnel.message.Delta;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.function.Consumer;

public final class DeltaObserver extends VerticleBase {
    private final Consumer<Delta> reader;

    public DeltaObserver(Consumer<Delta> reader) {
        this.reader = reader;
    }

    @Override
    public Future<?> start() {
        return vertx.eventBus()
                .<Delta>consumer(Addresses.DELTAS, message -> reader.accept(message.body()))
                .completion();
    }
}
