package dev.runnel.generator;

import dev.runnel.client.OpenWrites;
import dev.runnel.config.GenerationConfig;
import io.vertx.core.Context;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What all generations of one generator share.
 *
 * @param observers where deltas and parts are published
 * @param writes what is under way to other nodes
 */
record GeneratorContext(
        Context context,
        GeneratorSetup setup,
        Optional<Observers> observers,
        Optional<OpenWrites> writes,
        Publication publication) {

    GenerationConfig config() {
        return setup.generation();
    }

    LongSupplier nanos() {
        return setup.models().nanos();
    }
}
