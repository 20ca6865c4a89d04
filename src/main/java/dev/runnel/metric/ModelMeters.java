package dev.runnel.metric;

import dev.runnel.message.Ended;
import dev.runnel.text.FailureCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * The meters of one model's generations. Any thread. A generation is counted when it leaves the queue, at its first
 * token and at its end; never at each token.
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
    /**
     * By error, registered at its first failure: each is a histogram, and a dozen empty ones would lengthen each
     * scrape.
     */
    private final Map<FailureCode, Timer> failed = new ConcurrentHashMap<>();

    ModelMeters(MeterRegistry registry, ModelLabels labels, KeyMeters keys) {
        this.registry = registry;
        this.labels = labels;
        this.keys = keys;
        Tags own = labels.own();
        generations = new Labelled<>(
                EnumSet.allOf(Ended.Outcome.class),
                outcome -> counter("runnel.generations", "Generations that have ended", own.and("outcome", outcome)));
        promptTokens = tokens("prompt");
        completionTokens = tokens("completion");
        deltas = counter("runnel.deltas", "Deltas of a generation, counted when it ends", own);
        queued = timer(
                "runnel.queue",
                "Time that an accepted generation waited for a place, whether it got one or not",
                own,
                Buckets.QUEUE);
        longestPause = timer(
                "runnel.longest.pause",
                "Longest time between two pieces of a generation's text, recorded when it ends",
                own,
                Buckets.PAUSE);
        cancel = timer(
                "runnel.cancel",
                "Time from the moment a client leaves to the stop of the engine or of the upstream request",
                own,
                Buckets.CANCEL);
        firstToken = timer(
                "gen_ai.server.time_to_first_token",
                "Time from acceptance to the first token, the wait in the queue included, recorded when the token"
                        + " arrives",
                labels.genAi(),
                Buckets.FIRST_TOKEN);
        perToken = timer(
                "gen_ai.server.time_per_output_token",
                "Mean time per token after the first piece, of generations that ended without an error",
                labels.genAi(),
                Buckets.PER_TOKEN);
        succeeded = requests("");
    }

    private Counter tokens(String type) {
        return counter(
                "runnel.tokens",
                "Tokens of a generation, counted when it ends",
                labels.own().and("type", type));
    }

    private Timer requests(String error) {
        return timer(
                "gen_ai.server.request.duration",
                "Time from acceptance to the end. error_type is empty without an error; a series with an error appears"
                        + " at the first one",
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

    /** Registers a gauge. Its value is read at each scrape. */
    public void show(ModelGauge what, IntSupplier value) {
        Gauge.builder(what.meter(), value::getAsInt)
                .description(what.description())
                .tags(labels.own())
                .register(registry);
    }

    /** A generation left the queue, to a place or without one. */
    public void queued(long nanos) {
        queued.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** The first token of a generation arrived, this long after its acceptance. */
    public void firstToken(long nanos) {
        firstToken.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A generation that was accepted has ended. Everything about its end is counted here. */
    public void ended(Ended ended) {
        int prompt = ended.usage().promptTokens();
        int completion = ended.usage().completionTokens();
        generations.of(ended.outcome()).increment();
        promptTokens.increment(prompt);
        completionTokens.increment(completion);
        deltas.increment((double) ended.deltas());
        Optional<FailureCode> error = ended.error();
        Ended.Durations durations = ended.durations();
        record(error.map(this::failed).orElse(succeeded), durations.totalNanos());
        if (error.isEmpty()) {
            record(perToken, durations.perTokenNanos());
        }
        record(longestPause, durations.longestPauseNanos());
        record(cancel, durations.cancelNanos());
        keys.ended(ended.keyId(), prompt, completion);
    }

    private Timer failed(FailureCode error) {
        return failed.computeIfAbsent(error, word -> requests(Labelled.value(word)));
    }

    private static void record(Timer timer, long nanos) {
        if (nanos != Ended.Durations.NONE) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
