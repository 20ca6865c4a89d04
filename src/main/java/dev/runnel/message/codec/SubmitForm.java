package dev.runnel.message.codec;

import dev.runnel.message.Continuation;
import dev.runnel.message.Origin;
import dev.runnel.message.Placement;
import dev.runnel.message.Submit;
import dev.runnel.text.Sampling;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The numbers of the fields of a {@link Submit}, as {@link RecordForms} has those of the other records. */
final class SubmitForm {

    static final ConstantNumbers<Turn.Role> ROLES =
            ConstantNumbers.of(List.of(Turn.Role.UNKNOWN, Turn.Role.SYSTEM, Turn.Role.USER, Turn.Role.ASSISTANT));

    /** The share of a node that knows none. */
    private static final double WHOLE = 1;

    private SubmitForm() {}

    static void write(FieldWriter out, Submit submit) {
        Origin origin = submit.origin();
        out.string(1, submit.model())
                .records(2, submit.turns(), SubmitForm::write)
                .record(3, submit.sampling(), SubmitForm::write)
                .number(4, submit.maxTokens())
                .flag(5, submit.maxTokensIsDefault())
                .string(6, origin.caller())
                .string(7, origin.keyId())
                .string(8, origin.requestId())
                .optionalString(9, origin.traceparent())
                .string(10, submit.inbox())
                .optionalReal(11, origin.share() == WHOLE ? null : Double.valueOf(origin.share()))
                .string(12, origin.owner())
                .string(13, submit.options())
                .string(14, submit.placement().node())
                .number(15, submit.placement().answerByMillis());
        write(out, submit.continuation());
        out.flag(22, submit.isResumable());
    }

    private static void write(FieldWriter out, Continuation continuation) {
        TextSoFar text = continuation.textSoFar();
        out.string(16, continuation.generationId())
                .number(17, continuation.epoch())
                .number(18, continuation.sequence())
                .string(19, text.text())
                .numbers(20, text.tokenIds())
                .number(21, text.tokens());
    }

    static Submit submit(Fields in) {
        return new Submit(
                in.string(1),
                in.records(2, SubmitForm::turn),
                in.record(3, SubmitForm::sampling),
                in.shortNumber(4),
                in.flag(5),
                in.string(13),
                origin(in),
                in.string(10),
                new Placement(in.string(14), in.number(15)),
                continuation(in),
                in.flag(22));
    }

    private static Continuation continuation(Fields in) {
        return new Continuation(
                in.string(16),
                in.shortNumber(17),
                in.number(18),
                new TextSoFar(in.string(19), in.numbers(20), in.shortNumber(21)));
    }

    private static Origin origin(Fields in) {
        return new Origin(
                in.string(6),
                in.string(7),
                in.string(8),
                in.optionalString(9),
                in.string(12),
                share(in.optionalReal(11)));
    }

    private static double share(@Nullable Double share) {
        return share == null ? WHOLE : share;
    }

    private static void write(FieldWriter out, Turn turn) {
        out.constant(1, ROLES, turn.role()).string(2, turn.content());
    }

    private static Turn turn(Fields in) {
        return new Turn(in.constant(1, ROLES), in.string(2));
    }

    private static void write(FieldWriter out, Sampling sampling) {
        Integer topK = sampling.topK();
        out.optionalReal(1, sampling.temperature())
                .optionalReal(2, sampling.topP())
                .optionalNumber(3, topK == null ? null : Long.valueOf(topK))
                .optionalNumber(4, sampling.seed())
                .optionalReal(5, sampling.presencePenalty())
                .optionalReal(6, sampling.frequencyPenalty())
                .strings(7, sampling.stop());
    }

    private static Sampling sampling(Fields in) {
        Long topK = in.optionalNumber(3);
        return new Sampling(
                in.optionalReal(1),
                in.optionalReal(2),
                topK == null ? null : Integer.valueOf(WireReader.toInt(topK)),
                in.optionalNumber(4),
                in.optionalReal(5),
                in.optionalReal(6),
                in.strings(7));
    }
}
