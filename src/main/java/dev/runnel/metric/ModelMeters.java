package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * What one model's generations add up to. Any thread. A generation comes here a few times: when it leaves the queue, at its
 * first token and at its end; never with each token.
 */
public final class ModelMeters {

    private final MeterRegistry registry;
    private final ModelLabels labels;
    private final KeyMeters keys;

    private final Labelled<Counter> generations;
    private final Counter promptTokens;
    private final Counter completionTokens;
    private final Counter deltas;
    private final Timer queued;
    private final Timer firstToken;
    private final Timer perToken;
    private final Timer longestPause;
    private final Timer cancel;
    private final Timer succeeded;
    /** Only what has happened: each is a histogram, and there would be a dozen that say nothing. */
    private final Map<Enum<?>, Timer> failed = new ConcurrentHashMap<>();

    ModelMeters(MeterRegistry registry, ModelLabels labels, Set<? extends Enum<?>> outcomes, KeyMeters keys) {
        this.registry = registry;
        this.labels = labels;
        this.keys = keys;
        Tags own = labels.own();
        generations = new Labelled<>(
                outcomes,
                outcome -> counter("runnel.generations", "Generations that have ended", own.and("outcome", outcome)));
        promptTokens = tokens("prompt");
        completionTokens = tokens("completion");
        deltas = counter("runnel.deltas", "Deltas of generations that have ended", own);
        queued = timer("runnel.queue", "How long accepted generations waited for a place", own, Buckets.QUEUE);
        longestPause = timer(
                "runnel.longest.pause", "The longest time between two tokens of a generation", own, Buckets.PAUSE);
        cancel = timer(
                "runnel.cancel", "From the client's leaving to the engine's or upstream's stop", own, Buckets.CANCEL);
        firstToken = timer(
                "gen_ai.server.time_to_first_token",
                "From being accepted to the first token, the wait in the queue included",
                labels.genAi(),
                Buckets.FIRST_TOKEN);
        perToken = timer(
                "gen_ai.server.time_per_output_token",
                "Time per token behind the first one, of generations that ended as they should",
                labels.genAi(),
                Buckets.PER_TOKEN);
        succeeded = requests("");
    }

    private Counter tokens(String type) {
        return counter(
                "runnel.tokens",
                "Tokens of generations that have ended",
                labels.own().and("type", type));
    }

    private Timer requests(String error) {
        return timer(
                "gen_ai.server.request.duration",
                "From being accepted to the end; error_type says why it did not end as it should",
                labels.genAi().and("error.type", error),
                Buckets.REQUEST);
    }

    private Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    private Timer timer(String name, String description, Tags tags, Duration... buckets) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    /** Shows something of the model as it is now, whenever it is asked for. */
    public void show(ModelGauge what, IntSupplier value) {
        Gauge.builder(what.meter(), value::getAsInt)
                .description(what.description())
                .tags(labels.own())
                .register(registry);
    }

    /** A generation left the queue, for a place or for good. */
    public void queued(long nanos) {
        queued.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** The first token of a generation came, so long after it was accepted. */
    public void firstToken(long nanos) {
        firstToken.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A generation that was accepted has ended. All that is counted of its end is counted here. */
    public void ended(GenerationEnd end) {
        generations.of(end.outcome()).increment();
        promptTokens.increment(end.promptTokens());
        completionTokens.increment(end.completionTokens());
        deltas.increment((double) end.deltas());
        Optional<? extends Enum<?>> error = end.error();
        error.map(this::failed).orElse(succeeded).record(end.nanos(), TimeUnit.NANOSECONDS);
        if (error.isEmpty()) {
            record(perToken, end.nanosPerToken());
        }
        record(longestPause, end.longestPauseNanos());
        record(cancel, end.cancelNanos());
        keys.ended(end.keyId(), end.promptTokens(), end.completionTokens());
    }

    private Timer failed(Enum<?> error) {
        return failed.computeIfAbsent(error, word -> requests(Labelled.value(word)));
    }

    private static void record(Timer timer, OptionalLong nanos) {
        nanos.ifPresent(known -> timer.record(known, TimeUnit.NANOSECONDS));
    }
}
