package dev.runnel.engine.openai;

import dev.runnel.engine.HeldText;
import dev.runnel.engine.openai.OpenAiSettings.Deadlines;
import io.vertx.core.Vertx;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What all generations of an opened model share that use the same route.
 *
 * @param maxEventBytes the most bytes of one event of an upstream
 * @param heldTexts makes the account of what is held for one request
 * @param clock nanoseconds
 */
record RelayContext(
        Vertx vertx,
        Upstreams upstreams,
        UpstreamClients clients,
        Api api,
        RequestBody body,
        Deadlines deadlines,
        int maxEventBytes,
        Supplier<HeldText> heldTexts,
        LongSupplier clock) {}
