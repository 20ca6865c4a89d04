package dev.runnel.engine.openai;

import dev.runnel.engine.openai.OpenAiSettings.Deadlines;
import io.vertx.core.Vertx;
import java.util.function.LongSupplier;

/**
 * What all generations of an opened model work with.
 *
 * @param clock nanoseconds
 */
record RelayContext(
        Vertx vertx,
        Upstreams upstreams,
        UpstreamClients loops,
        RequestBody body,
        Deadlines deadlines,
        LongSupplier clock) {}
