package dev.runnel.limit;

import dev.runnel.config.Allowance;
import dev.runnel.limit.LimitDecision.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongConsumer;

/** The answer to a {@link LimitStep}. It carries numbers only: the caller knows the limits. */
public final class LimitAnswer {

    private static final String ADMITTED = "";

    private final Optional<Reason> refusal;
    private final int retryAfterSeconds;
    private final Left requests;
    private final Left tokens;
    private final int running;

    /** What is left of a limit; 0 and 0 where the key has none. */
    private record Left(int remaining, long resetSeconds) {

        static Left of(Optional<Window> window) {
            return window.map(now -> new Left(now.remaining(), now.resetSeconds()))
                    .orElse(new Left(0, 0));
        }

        Optional<Window> window(OptionalInt limit) {
            return limit.isPresent()
                    ? Optional.of(new Window(limit.getAsInt(), remaining, resetSeconds))
                    : Optional.empty();
        }
    }

    private LimitAnswer(Optional<Reason> refusal, int retryAfterSeconds, Left requests, Left tokens, int running) {
        this.refusal = refusal;
        this.retryAfterSeconds = retryAfterSeconds;
        this.requests = requests;
        this.tokens = tokens;
        this.running = running;
    }

    /** The refusal of a node that gets no answer, and may not decide alone. */
    public static LimitDecision undecided(Allowance allowance, Demand demand) {
        return new Verdict(Optional.of(Reason.UNDECIDED), 1, LimitState.UNLIMITED)
                .decision(allowance, demand, used -> {});
    }

    static byte[] bytes(LimitState state) {
        return bytes(new Verdict(Optional.empty(), 0, state));
    }

    static byte[] bytes(Verdict verdict) {
        LimitState state = verdict.state();
        Left requests = Left.of(state.requests());
        Left tokens = Left.of(state.tokens());
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(verdict.refusal().map(Enum::name).orElse(ADMITTED));
            out.writeInt(verdict.retryAfterSeconds());
            out.writeInt(requests.remaining());
            out.writeLong(requests.resetSeconds());
            out.writeInt(tokens.remaining());
            out.writeLong(tokens.resetSeconds());
            out.writeInt(state.running());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Reads an answer, also of a member of another version. */
    public static LimitAnswer of(byte[] bytes) {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            return new LimitAnswer(
                    refusal(in.readUTF()),
                    in.readInt(),
                    new Left(in.readInt(), in.readLong()),
                    new Left(in.readInt(), in.readLong()),
                    in.readInt());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that this version does not know is a refusal all the same. */
    private static Optional<Reason> refusal(String name) {
        return name.equals(ADMITTED)
                ? Optional.empty()
                : Optional.of(EnumSet.allOf(Reason.class).stream()
                        .filter(reason -> reason.name().equals(name))
                        .findFirst()
                        .orElse(Reason.UNDECIDED));
    }

    /**
     * The decision.
     *
     * @param allowance that of the step
     * @param settlement settles the permit of an admission
     */
    public LimitDecision decision(Allowance allowance, Demand demand, LongConsumer settlement) {
        return new Verdict(refusal, retryAfterSeconds, state(allowance)).decision(allowance, demand, settlement);
    }

    /** What is left. */
    public LimitState state(Allowance allowance) {
        return new LimitState(
                requests.window(allowance.requestsPerMinute()),
                tokens.window(allowance.tokensPerMinute()),
                allowance.concurrentGenerations(),
                running);
    }
}
