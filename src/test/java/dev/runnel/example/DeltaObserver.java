package dev.runnel.example;

import dev.runnel.message.Addresses;
import dev.runnel.message.Delta;
import dev.runnel.message.NumberedMessage;
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
                .<NumberedMessage>consumer(Addresses.DELTAS, message -> read(message.body()))
                .completion();
    }

    private void read(NumberedMessage message) {
        if (message instanceof Delta delta) {
            reader.accept(delta);
        }
    }
}
