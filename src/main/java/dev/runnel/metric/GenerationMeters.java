package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * What there is to count about generations. One for all generators of a process; any thread. Labels are the configuration's
 * model names, the words of enums and a bounded number of keys, so that nobody can make them grow.
 */
public final class GenerationMeters {

    private static final Duration[] QUEUE_BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60)
    };

    private static final int KEYS_SHOWN = 100;

    private final MeterRegistry registry;
    private final KeyMeters keys;

    public GenerationMeters(MeterRegistry registry) {
        this.registry = registry;
        this.keys = new KeyMeters(registry, KEYS_SHOWN);
    }

    /** The meters of one configured model. */
    public OfModel model(String name) {
        return new OfModel(name);
    }

    /** A generation was refused. Before it was accepted, so it is none of those that {@link OfModel#ended} counts. */
    public void refused(Enum<?> reason) {
        Counter.builder("runnel.generations.refused")
                .description("Generations that were refused before they were accepted")
                .tag("reason", word(reason))
                .register(registry)
                .increment();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** What one model's generations add up to. */
    public final class OfModel {

        private final String model;
        private final Counter promptTokens;
        private final Counter completionTokens;
        private final Counter deltas;
        private final Timer queued;

        private OfModel(String model) {
            this.model = model;
            this.promptTokens = tokens("prompt");
            this.completionTokens = tokens("completion");
            this.deltas = Counter.builder("runnel.deltas")
                    .description("Deltas that were sent to consumers")
                    .tag("model", model)
                    .register(registry);
            this.queued = Timer.builder("runnel.queue")
                    .description("How long accepted generations waited for a place")
                    .tag("model", model)
                    .serviceLevelObjectives(QUEUE_BUCKETS)
                    .register(registry);
        }

        private Counter tokens(String type) {
            return Counter.builder("runnel.tokens")
                    .description("Tokens of generations that have ended")
                    .tag("model", model)
                    .tag("type", type)
                    .register(registry);
        }

        /**
         * Shows what is taken now.
         *
         * @param waiting generations that wait for a place
         * @param running those that have one
         * @param cells what these take of the engine's context cells
         */
        public void show(IntSupplier waiting, IntSupplier running, IntSupplier cells) {
            gauge("runnel.queue.depth", "Generations that wait for a place", waiting);
            gauge("runnel.generations.running", "Generations that the engine works on", running);
            gauge("runnel.generations.cells", "Context cells that running generations take", cells);
        }

        private void gauge(String name, String description, IntSupplier value) {
            Gauge.builder(name, value::getAsInt)
                    .description(description)
                    .tag("model", model)
                    .register(registry);
        }

        /** A generation left the queue, for a place or for good. */
        public void queued(long nanos) {
            queued.record(Duration.ofNanos(nanos));
        }

        /**
         * A generation that was accepted has ended.
         *
         * @param keyId the key that asked for it; empty where there is none
         */
        public void ended(String keyId, Enum<?> outcome, int tokensOfPrompt, int tokensOfCompletion, long deltasSent) {
            Counter.builder("runnel.generations")
                    .description("Generations that have ended")
                    .tag("model", model)
                    .tag("outcome", word(outcome))
                    .register(registry)
                    .increment();
            promptTokens.increment(tokensOfPrompt);
            completionTokens.increment(tokensOfCompletion);
            deltas.increment((double) deltasSent);
            keys.ended(keyId, tokensOfPrompt, tokensOfCompletion);
        }
    }
}
