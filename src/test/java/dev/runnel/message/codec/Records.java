package dev.runnel.message.codec;

import dev.runnel.message.Accepted;
import dev.runnel.message.Adopt;
import dev.runnel.message.Attach;
import dev.runnel.message.Attached;
import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
import dev.runnel.message.Continuation;
import dev.runnel.message.Delta;
import dev.runnel.message.Detach;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.Heard;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.KeptEntry;
import dev.runnel.message.KeptText;
import dev.runnel.message.Look;
import dev.runnel.message.ModelPlaces;
import dev.runnel.message.Origin;
import dev.runnel.message.Part;
import dev.runnel.message.Placement;
import dev.runnel.message.Revoked;
import dev.runnel.message.SentText;
import dev.runnel.message.SentTexts;
import dev.runnel.message.Status;
import dev.runnel.message.Submit;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import dev.runnel.text.Sampling;
import dev.runnel.text.Surrogates;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import io.vertx.core.buffer.Buffer;
import java.util.AbstractMap.SimpleEntry;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Records of every type with any content, and their codecs. */
final class Records {

    private Records() {}

    @SuppressWarnings("unchecked") // the codec was looked up by the record's own class
    static RecordCodec<Record> codecOf(Record message) {
        return (RecordCodec<Record>) MessageCodecs.all().stream()
                .filter(codec -> codec.type() == message.getClass())
                .findAny()
                .orElseThrow();
    }

    static Buffer encoded(Record message) {
        Buffer wire = Buffer.buffer();
        codecOf(message).encodeToWire(wire, message);
        return wire;
    }

    /** The fields without the length in front. */
    static byte[] fields(Record message) {
        return WireReader.of(encoded(message).getBytes()).bytes();
    }

    /** A frame of these fields. */
    static Buffer frame(byte[] fields) {
        Buffer wire = Buffer.buffer();
        new WireWriter(wire).bytes(fields);
        return wire;
    }

    private static Arbitrary<Attach> attaches() {
        return Combinators.combine(
                        strings(), strings(), strings(), longs(), strings(), Arbitraries.of(true, false), longs())
                .as(Attach::new);
    }

    static Arbitrary<Record> all() {
        return Arbitraries.oneOf(
                submits().map(Record.class::cast),
                Combinators.combine(strings(), strings()).as(Accepted::new),
                Combinators.combine(strings(), Arbitraries.of(Cancel.Cause.class), strings(), ints())
                        .as(Cancel::new),
                Combinators.combine(strings(), Arbitraries.of(true, false)).as(Cancelled::new),
                Combinators.combine(strings(), strings(), Arbitraries.of(true, false))
                        .as(Look::new),
                Combinators.combine(
                                strings(),
                                Arbitraries.of(Status.Phase.class),
                                strings(),
                                longs(),
                                strings(),
                                keptTexts().list().ofMaxSize(1))
                        .as(Status::new),
                attaches(),
                Combinators.combine(strings(), Arbitraries.of(Attached.Answer.class), longs())
                        .as(Attached::new),
                Combinators.combine(strings(), strings(), longs()).as(Detach::new),
                Combinators.combine(strings(), longs(), texts(), ints(), epochs(), tokenIds())
                        .as(Delta::new),
                Combinators.combine(strings(), longs(), Arbitraries.of(PartKind.class), strings(), ints(), epochs())
                        .as(Part::new),
                finisheds().map(Record.class::cast),
                Combinators.combine(strings(), longs(), failures(), epochs()).as(Failed::new),
                endeds(),
                heartbeats(),
                Combinators.combine(strings(), Arbitraries.of(Heard.Verdict.class))
                        .as(Heard::new),
                strings().map(Revoked::new),
                Combinators.combine(strings(), strings(), strings(), strings(), strings())
                        .as(Adopt::new),
                strings().list().ofSize(7).map(Records::keptEntry));
    }

    private static Arbitrary<Finished> finisheds() {
        return Combinators.combine(strings(), longs(), Arbitraries.of(FinishReason.class), usages(), epochs())
                .as(Finished::new);
    }

    private static Arbitrary<KeptText> keptTexts() {
        return Combinators.combine(strings(), finisheds().list().ofMaxSize(1)).as(KeptText::new);
    }

    private static Arbitrary<Submit> submits() {
        Arbitrary<Turn> turns =
                Combinators.combine(Arbitraries.of(Turn.Role.class), strings()).as(Turn::new);
        return Combinators.combine(
                        strings(),
                        turns.list().ofMaxSize(3),
                        samplings(),
                        ints(),
                        Arbitraries.of(true, false),
                        strings().list().ofSize(7),
                        strings().injectNull(0.5),
                        Combinators.combine(Arbitraries.of(1.0, 0.25, Double.MIN_VALUE), continuations())
                                .as(SimpleEntry::new))
                .as((model, conversation, sampling, maxTokens, isDefault, names, trace, more) -> new Submit(
                        model,
                        conversation,
                        sampling,
                        maxTokens,
                        isDefault,
                        names.get(5),
                        new Origin(names.get(0), names.get(1), names.get(2), trace, names.get(4), more.getKey()),
                        names.get(3),
                        new Placement(names.get(6), maxTokens),
                        more.getValue(),
                        !isDefault));
    }

    private static Arbitrary<Continuation> continuations() {
        return Combinators.combine(strings(), ints(), longs(), strings(), tokenIds(), ints())
                .as((id, epoch, sequence, text, ids, tokens) ->
                        new Continuation(id, epoch, sequence, new TextSoFar(text, ids, tokens)));
    }

    private static Arbitrary<Integer> epochs() {
        return Arbitraries.oneOf(Arbitraries.just(0), ints());
    }

    private static Arbitrary<TokenIds> tokenIds() {
        return ints().list().ofMaxSize(5).map(TokenIds::of);
    }

    private static Arbitrary<Heartbeat> heartbeats() {
        Arbitrary<ModelPlaces> places = Combinators.combine(strings(), Arbitraries.of(true, false), ints())
                .as(ModelPlaces::new);
        Arbitrary<SentText> texts =
                Combinators.combine(strings(), longs(), longs()).as(SentText::new);
        Arbitrary<SentTexts> sent =
                Combinators.combine(strings(), texts.list().ofMaxSize(3)).as(SentTexts::new);
        return Combinators.combine(
                        strings(),
                        ints(),
                        ints(),
                        strings(),
                        longs(),
                        strings().list().ofMaxSize(3),
                        places.list().ofMaxSize(3),
                        sent.list().ofMaxSize(2))
                .as(Heartbeat::new);
    }

    private static KeptEntry keptEntry(List<String> names) {
        return new KeptEntry(
                names.get(0),
                names.get(1),
                names.get(2),
                names.get(0).isEmpty(),
                names.get(3),
                names.get(4),
                names.get(0).length(),
                names.get(5),
                names.get(6));
    }

    private static Arbitrary<Sampling> samplings() {
        Arbitrary<Double> reals = Arbitraries.doubles().injectNull(0.3);
        return Combinators.combine(
                        reals,
                        reals,
                        ints().injectNull(0.3),
                        longs().injectNull(0.3),
                        reals,
                        reals,
                        strings().list().ofMaxSize(4))
                .as(Sampling::new);
    }

    private static Arbitrary<Failure> failures() {
        return Combinators.combine(
                        Arbitraries.of(FailureCode.class),
                        strings(),
                        strings().injectNull(0.5),
                        Arbitraries.integers().greaterOrEqual(0))
                .as(Failure::new);
    }

    private static Arbitrary<Record> endeds() {
        return Combinators.combine(
                        strings().list().ofSize(5),
                        usages(),
                        Arbitraries.of(Ended.Outcome.class),
                        Arbitraries.of(FailureCode.class).injectNull(0.5),
                        longs().list().ofSize(7),
                        epochs())
                .as((names, usage, outcome, failure, numbers, epoch) -> new Ended(
                        names.get(0),
                        names.get(1),
                        names.get(2),
                        names.get(3),
                        names.get(4),
                        usage,
                        outcome,
                        failure,
                        numbers.get(0),
                        new Ended.Durations(
                                numbers.get(1),
                                numbers.get(2),
                                numbers.get(3),
                                numbers.get(4),
                                numbers.get(5),
                                numbers.get(6)),
                        epoch));
    }

    private static Arbitrary<Usage> usages() {
        Arbitrary<Integer> tokens = Arbitraries.integers().between(0, Usage.MAX_TOKENS);
        return Combinators.combine(tokens, tokens, Arbitraries.of(true, false)).as(Usage::new);
    }

    private static Arbitrary<EscapedText> texts() {
        return strings().map(EscapedText::of);
    }

    private static Arbitrary<String> strings() {
        return Arbitraries.strings().ofMaxLength(40).filter(text -> !Surrogates.hasUnpaired(text));
    }

    private static Arbitrary<Integer> ints() {
        return Arbitraries.integers();
    }

    private static Arbitrary<Long> longs() {
        return Arbitraries.longs();
    }
}
