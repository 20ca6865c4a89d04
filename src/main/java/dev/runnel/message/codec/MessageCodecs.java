package dev.runnel.message.codec;

import dev.runnel.message.Accepted;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import io.vertx.core.eventbus.EventBus;
import java.util.List;

/** The codec of every record on the bus. */
public final class MessageCodecs {

    private MessageCodecs() {}

    /** Makes the bus take every record of this room. May be called any number of times, on any thread. */
    public static void register(EventBus bus) {
        all().forEach(codec -> register(bus, codec));
    }

    private static <R extends Record> void register(EventBus bus, RecordCodec<R> codec) {
        try {
            bus.registerDefaultCodec(codec.type(), codec);
        } catch (IllegalStateException alreadyThere) {
            // The bus cannot be asked beforehand. Codecs have no state: whichever came first is as good.
            return;
        }
    }

    static List<RecordCodec<? extends Record>> all() {
        return List.of(
                new RecordCodec<>(Submit.class, MessageCodecs::write, MessageCodecs::submit),
                new RecordCodec<>(Accepted.class, MessageCodecs::write, MessageCodecs::accepted),
                new RecordCodec<>(Cancel.class, MessageCodecs::write, MessageCodecs::cancel),
                new RecordCodec<>(Delta.class, MessageCodecs::write, MessageCodecs::delta),
                new RecordCodec<>(Finished.class, MessageCodecs::write, MessageCodecs::finished),
                new RecordCodec<>(Failed.class, MessageCodecs::write, MessageCodecs::failed),
                new RecordCodec<>(Ended.class, MessageCodecs::write, MessageCodecs::ended));
    }

    private static void write(WireWriter out, Submit submit) {
        out.string(submit.model()).number(submit.turns().size());
        submit.turns().forEach(turn -> out.constant(turn.role()).string(turn.content()));
        write(out, submit.sampling());
        out.number(submit.maxTokens())
                .flag(submit.maxTokensIsDefault())
                .string(submit.caller())
                .string(submit.keyId())
                .string(submit.requestId())
                .optionalString(submit.traceparent())
                .string(submit.inbox());
    }

    private static Submit submit(WireReader in) {
        return new Submit(
                in.string(),
                in.list(turn -> new Turn(turn.constant(Turn.Role.values()), turn.string())),
                sampling(in),
                in.number(),
                in.flag(),
                in.string(),
                in.string(),
                in.string(),
                in.optionalString(),
                in.string());
    }

    private static void write(WireWriter out, Sampling sampling) {
        Integer topK = sampling.topK();
        out.optionalReal(sampling.temperature())
                .optionalReal(sampling.topP())
                .optionalNumber(topK == null ? null : Integer.toUnsignedLong(topK))
                .optionalNumber(sampling.seed())
                .optionalReal(sampling.presencePenalty())
                .optionalReal(sampling.frequencyPenalty())
                .number(sampling.stop().size());
        sampling.stop().forEach(out::string);
    }

    private static Sampling sampling(WireReader in) {
        Double temperature = in.optionalReal();
        Double topP = in.optionalReal();
        Integer topK = in.flag() ? in.number() : null;
        return new Sampling(
                temperature,
                topP,
                topK,
                in.optionalNumber(),
                in.optionalReal(),
                in.optionalReal(),
                in.list(WireReader::string));
    }

    private static void write(WireWriter out, Accepted accepted) {
        out.string(accepted.generationId()).string(accepted.generator());
    }

    private static Accepted accepted(WireReader in) {
        return new Accepted(in.string(), in.string());
    }

    private static void write(WireWriter out, Cancel cancel) {
        out.string(cancel.generationId()).constant(cancel.cause());
    }

    private static Cancel cancel(WireReader in) {
        return new Cancel(in.string(), in.constant(Cancel.Cause.values()));
    }

    private static void write(WireWriter out, Delta delta) {
        out.string(delta.generationId())
                .number(delta.sequence())
                .text(delta.text())
                .number(delta.tokens());
    }

    private static Delta delta(WireReader in) {
        return new Delta(in.string(), in.longNumber(), in.text(), in.number());
    }

    private static void write(WireWriter out, Finished finished) {
        out.string(finished.generationId()).number(finished.sequence()).constant(finished.finishReason());
        write(out, finished.usage());
    }

    private static Finished finished(WireReader in) {
        return new Finished(in.string(), in.longNumber(), in.constant(FinishReason.values()), usage(in));
    }

    private static void write(WireWriter out, Failed failed) {
        Failure failure = failed.failure();
        out.string(failed.generationId())
                .number(failed.sequence())
                .constant(failure.code())
                .string(failure.message())
                .optionalString(failure.param())
                .number(failure.retryAfterSeconds());
    }

    private static Failed failed(WireReader in) {
        return new Failed(in.string(), in.longNumber(), failure(in));
    }

    private static Failure failure(WireReader in) {
        return new Failure(
                in.constant(FailureCode.values()),
                in.string(),
                in.optionalString(),
                in.number("retryAfterSeconds", Integer.MAX_VALUE));
    }

    private static void write(WireWriter out, Ended ended) {
        out.string(ended.generationId())
                .string(ended.caller())
                .string(ended.keyId())
                .string(ended.requestId())
                .string(ended.model());
        write(out, ended.usage());
        FailureCode failure = ended.failure();
        Ended.Durations durations = ended.durations();
        out.constant(ended.outcome())
                .optionalString(failure == null ? null : failure.name())
                .number(ended.deltas())
                .number(durations.queueNanos())
                .number(durations.firstTokenNanos())
                .number(durations.totalNanos())
                .number(durations.perTokenNanos())
                .number(durations.longestPauseNanos())
                .number(durations.cancelNanos());
    }

    private static Ended ended(WireReader in) {
        return new Ended(
                in.string(),
                in.string(),
                in.string(),
                in.string(),
                in.string(),
                usage(in),
                in.constant(Ended.Outcome.values()),
                in.flag() ? in.constant(FailureCode.values()) : null,
                in.longNumber(),
                new Ended.Durations(
                        in.longNumber(),
                        in.longNumber(),
                        in.longNumber(),
                        in.longNumber(),
                        in.longNumber(),
                        in.longNumber()));
    }

    private static void write(WireWriter out, Usage usage) {
        out.number(usage.promptTokens()).number(usage.completionTokens()).flag(usage.estimated());
    }

    private static Usage usage(WireReader in) {
        return new Usage(
                in.number("promptTokens", Usage.MAX_TOKENS),
                in.number("completionTokens", Usage.MAX_TOKENS),
                in.flag());
    }
}
