package dev.runnel.generator;

import dev.runnel.message.Ended;
import dev.runnel.message.Submit;
import dev.runnel.text.Usage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What one generation takes: tokens and time. */
final class Account {

    private static final long NEVER = -1;

    private final Submit submit;
    private final String model;
    private final int promptTokens;
    private final LongSupplier nanos;
    private final long acceptedNanos;

    private long begunNanos;
    private boolean begun;
    private long firstTokenMillis = NEVER;
    private int tokens;

    Account(Submit submit, String model, int promptTokens, LongSupplier nanos) {
        this.submit = submit;
        this.model = model;
        this.promptTokens = promptTokens;
        this.nanos = nanos;
        this.acceptedNanos = nanos.getAsLong();
    }

    /** It left the queue for a place. */
    void begun() {
        begun = true;
        begunNanos = nanos.getAsLong();
    }

    /** The engine gave tokens, 0 or more. */
    void generated(int count) {
        if (firstTokenMillis == NEVER) {
            firstTokenMillis = TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - begunNanos);
        }
        tokens += count;
    }

    /** What was counted so far, for where the engine does not say. */
    Usage counted() {
        return begun ? new Usage(promptTokens, tokens, false) : Usage.NONE;
    }

    /** How long it waited, or has been waiting. */
    long queuedNanos() {
        return (begun ? begunNanos : nanos.getAsLong()) - acceptedNanos;
    }

    Ended ended(String id, Ending ending, Usage usage) {
        return new Ended(
                id,
                submit.caller(),
                submit.keyId(),
                submit.requestId(),
                model,
                usage,
                ending.outcome(),
                TimeUnit.NANOSECONDS.toMillis(queuedNanos()),
                firstTokenMillis,
                TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - acceptedNanos));
    }
}
