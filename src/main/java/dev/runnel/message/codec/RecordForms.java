package dev.runnel.message.codec;

import dev.runnel.message.Accepted;
import dev.runnel.message.Attach;
import dev.runnel.message.Attached;
import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
import dev.runnel.message.Detach;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.KeptText;
import dev.runnel.message.Look;
import dev.runnel.message.Part;
import dev.runnel.message.Status;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import dev.runnel.text.Usage;
import java.util.List;

/**
 * The numbers of the fields of every record but {@code Delta} and {@code Submit}. The schema is the resource {@code
 * messages.proto}; a test holds both together. A record grows by a new number: a number is never used for something
 * else.
 */
final class RecordForms {

    static final ConstantNumbers<Cancel.Cause> CAUSES = ConstantNumbers.of(List.of(
            Cancel.Cause.UNKNOWN,
            Cancel.Cause.CONSUMER_GONE,
            Cancel.Cause.DELETED,
            Cancel.Cause.FILTERED,
            Cancel.Cause.CONTINUED));

    static final ConstantNumbers<Status.Phase> PHASES =
            ConstantNumbers.of(List.of(Status.Phase.UNKNOWN, Status.Phase.WAITING, Status.Phase.RUNNING));

    static final ConstantNumbers<Attached.Answer> ANSWERS = ConstantNumbers.of(
            List.of(Attached.Answer.UNKNOWN, Attached.Answer.ATTACHED, Attached.Answer.TOO_MANY_READERS));

    static final ConstantNumbers<FinishReason> FINISH_REASONS = ConstantNumbers.of(List.of(
            FinishReason.UNKNOWN,
            FinishReason.STOP,
            FinishReason.LENGTH,
            FinishReason.CONTENT_FILTER,
            FinishReason.CANCELLED,
            FinishReason.TOOL_CALLS));

    static final ConstantNumbers<PartKind> PART_KINDS =
            ConstantNumbers.of(List.of(PartKind.UNKNOWN, PartKind.TOOL_CALLS, PartKind.REASONING_CONTENT));

    static final ConstantNumbers<FailureCode> FAILURE_CODES = ConstantNumbers.of(List.of(
            FailureCode.UNKNOWN,
            FailureCode.INVALID_REQUEST,
            FailureCode.UNKNOWN_MODEL,
            FailureCode.MODEL_UNAVAILABLE,
            FailureCode.FULL,
            FailureCode.DRAINING,
            FailureCode.QUEUE_TIMEOUT,
            FailureCode.FIRST_TOKEN_TIMEOUT,
            FailureCode.NEXT_TOKEN_TIMEOUT,
            FailureCode.ENGINE_FAILED,
            FailureCode.UPSTREAM_FAILED,
            FailureCode.UPSTREAM_OVERLOADED,
            FailureCode.LOST,
            FailureCode.CANCELLED,
            FailureCode.DISPLACED,
            FailureCode.ABANDONED,
            FailureCode.CONTEXT_EXCEEDED,
            FailureCode.CLUSTER));

    static final ConstantNumbers<Ended.Outcome> OUTCOMES = ConstantNumbers.of(List.of(
            Ended.Outcome.UNKNOWN,
            Ended.Outcome.STOP,
            Ended.Outcome.LENGTH,
            Ended.Outcome.CONTENT_FILTER,
            Ended.Outcome.CANCELLED,
            Ended.Outcome.FAILED,
            Ended.Outcome.TIMED_OUT,
            Ended.Outcome.REFUSED));

    private RecordForms() {}

    static void write(FieldWriter out, Accepted accepted) {
        out.string(1, accepted.generationId()).string(2, accepted.generator());
    }

    static Accepted accepted(Fields in) {
        return new Accepted(in.string(1), in.string(2));
    }

    static void write(FieldWriter out, Cancel cancel) {
        out.string(1, cancel.generationId())
                .constant(2, CAUSES, cancel.cause())
                .string(3, cancel.owner())
                .number(4, cancel.epoch());
    }

    static Cancel cancel(Fields in) {
        return new Cancel(in.string(1), in.constant(2, CAUSES), in.string(3), in.shortNumber(4));
    }

    static void write(FieldWriter out, Cancelled cancelled) {
        out.string(1, cancelled.generationId()).flag(2, cancelled.known());
    }

    static Cancelled cancelled(Fields in) {
        return new Cancelled(in.string(1), in.flag(2));
    }

    static void write(FieldWriter out, Look look) {
        out.string(1, look.generationId()).string(2, look.owner()).flag(3, look.isForText());
    }

    static Look look(Fields in) {
        return new Look(in.string(1), in.string(2), in.flag(3));
    }

    static void write(FieldWriter out, Status status) {
        out.string(1, status.generationId())
                .constant(2, PHASES, status.phase())
                .string(3, status.model())
                .number(4, status.bytes())
                .string(5, status.inbox())
                .records(6, status.kept(), RecordForms::write);
    }

    static Status status(Fields in) {
        return new Status(
                in.string(1),
                in.constant(2, PHASES),
                in.string(3),
                in.number(4),
                in.string(5),
                in.records(6, RecordForms::keptText));
    }

    private static void write(FieldWriter out, KeptText kept) {
        out.string(1, kept.text()).records(2, kept.end(), RecordForms::write);
    }

    private static KeptText keptText(Fields in) {
        return new KeptText(in.string(1), in.records(2, RecordForms::finished));
    }

    static void write(FieldWriter out, Attach attach) {
        out.string(1, attach.generationId())
                .string(2, attach.owner())
                .string(3, attach.inbox())
                .number(4, attach.reader())
                .string(5, attach.node())
                .flag(6, attach.isLook())
                .number(7, attach.copy());
    }

    static Attach attach(Fields in) {
        return new Attach(
                in.string(1), in.string(2), in.string(3), in.number(4), in.string(5), in.flag(6), in.number(7));
    }

    static void write(FieldWriter out, Attached attached) {
        out.string(1, attached.generationId())
                .constant(2, ANSWERS, attached.answer())
                .number(3, attached.bytes());
    }

    static Attached attached(Fields in) {
        return new Attached(in.string(1), in.constant(2, ANSWERS), in.number(3));
    }

    static void write(FieldWriter out, Detach detach) {
        out.string(1, detach.generationId()).string(2, detach.inbox()).number(3, detach.reader());
    }

    static Detach detach(Fields in) {
        return new Detach(in.string(1), in.string(2), in.number(3));
    }

    static void write(FieldWriter out, Part part) {
        out.string(1, part.generationId())
                .number(2, part.sequence())
                .constant(3, PART_KINDS, part.kind())
                .string(4, part.json())
                .number(5, part.tokens())
                .number(6, part.epoch());
    }

    static Part part(Fields in) {
        return new Part(
                in.string(1),
                in.number(2),
                in.constant(3, PART_KINDS),
                in.string(4),
                in.shortNumber(5),
                in.shortNumber(6));
    }

    static void write(FieldWriter out, Finished finished) {
        out.string(1, finished.generationId())
                .number(2, finished.sequence())
                .constant(3, FINISH_REASONS, finished.finishReason())
                .record(4, finished.usage(), RecordForms::write)
                .number(5, finished.epoch());
    }

    static Finished finished(Fields in) {
        return new Finished(
                in.string(1),
                in.number(2),
                in.constant(3, FINISH_REASONS),
                in.record(4, RecordForms::usage),
                in.shortNumber(5));
    }

    static void write(FieldWriter out, Failed failed) {
        out.string(1, failed.generationId())
                .number(2, failed.sequence())
                .record(3, failed.failure(), RecordForms::write)
                .number(4, failed.epoch());
    }

    static Failed failed(Fields in) {
        return new Failed(in.string(1), in.number(2), in.record(3, RecordForms::failure), in.shortNumber(4));
    }

    private static void write(FieldWriter out, Failure failure) {
        out.constant(1, FAILURE_CODES, failure.code())
                .string(2, failure.message())
                .optionalString(3, failure.param())
                .number(4, failure.retryAfterSeconds());
    }

    private static Failure failure(Fields in) {
        return new Failure(
                in.constant(1, FAILURE_CODES),
                in.string(2),
                in.optionalString(3),
                in.shortNumber(4, "retryAfterSeconds", Integer.MAX_VALUE));
    }

    static void write(FieldWriter out, Ended ended) {
        FailureCode failure = ended.failure();
        out.string(1, ended.generationId())
                .string(2, ended.caller())
                .string(3, ended.keyId())
                .string(4, ended.requestId())
                .string(5, ended.model())
                .record(6, ended.usage(), RecordForms::write)
                .constant(7, OUTCOMES, ended.outcome())
                .optionalNumber(8, failure == null ? null : (long) FAILURE_CODES.numberOf(failure))
                .number(9, ended.deltas())
                .record(10, ended.durations(), RecordForms::write)
                .number(11, ended.epoch());
    }

    static Ended ended(Fields in) {
        Long failure = in.optionalNumber(8);
        return new Ended(
                in.string(1),
                in.string(2),
                in.string(3),
                in.string(4),
                in.string(5),
                in.record(6, RecordForms::usage),
                in.constant(7, OUTCOMES),
                failure == null ? null : FAILURE_CODES.constantOf(failure),
                in.number(9),
                in.record(10, RecordForms::durations),
                in.shortNumber(11));
    }

    private static void write(FieldWriter out, Ended.Durations durations) {
        out.number(1, durations.queueNanos())
                .optionalNumber(2, durations.firstTokenNanos())
                .number(3, durations.totalNanos())
                .optionalNumber(4, durations.perTokenNanos())
                .optionalNumber(5, durations.longestPauseNanos())
                .optionalNumber(6, durations.cancelNanos());
    }

    private static Ended.Durations durations(Fields in) {
        return new Ended.Durations(
                in.number(1), duration(in, 2), in.number(3), duration(in, 4), duration(in, 5), duration(in, 6));
    }

    private static long duration(Fields in, int field) {
        Long nanos = in.optionalNumber(field);
        return nanos == null ? Ended.Durations.NONE : nanos;
    }

    private static void write(FieldWriter out, Usage usage) {
        out.number(1, usage.promptTokens()).number(2, usage.completionTokens()).flag(3, usage.estimated());
    }

    private static Usage usage(Fields in) {
        return new Usage(
                in.shortNumber(1, "promptTokens", Usage.MAX_TOKENS),
                in.shortNumber(2, "completionTokens", Usage.MAX_TOKENS),
                in.flag(3));
    }
}
