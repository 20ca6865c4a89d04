package dev.runnel.message.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.message.Accepted;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.Submit;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Sampling;
import dev.runnel.text.Surrogates;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecsTest {

    @Property
    void everyRecordSurvivesTheWire(@ForAll("records") Record sent) {
        Buffer wire = Buffer.buffer("frame").appendBuffer(encoded(sent));

        assertThat(codecOf(sent).decodeFromWire("frame".length(), wire)).isEqualTo(sent);
    }

    @Property
    void localDeliveryHandsOverTheRecordItself(@ForAll("records") Record sent) {
        assertThat(codecOf(sent).transform(sent)).isSameAs(sent);
    }

    @Property
    void messageCutShortAnywhereIsRefused(@ForAll("records") Record sent) {
        Buffer whole = encoded(sent);

        for (int length = 0; length < whole.length(); length++) {
            Buffer cut = whole.getBuffer(0, length);
            assertThatThrownBy(() -> codecOf(sent).decodeFromWire(0, cut))
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    @Property
    void bytesBehindAMessageAreRefused(@ForAll("records") Record sent) {
        Buffer longer = encoded(sent).appendByte((byte) 0);

        assertThatThrownBy(() -> codecOf(sent).decodeFromWire(0, longer))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("behind the message");
    }

    @Property
    void unknownVersionIsNamed(@ForAll("records") Record sent, @ForAll byte version) {
        Buffer other = encoded(sent).setByte(0, version);

        if (version != RecordCodec.VERSION) {
            assertThatThrownBy(() -> codecOf(sent).decodeFromWire(0, other))
                    .isInstanceOf(MalformedMessageException.class)
                    .hasMessageContaining("version")
                    .hasMessageContaining("expected: 1");
        }
    }

    @Property(tries = 3000)
    void damagedMessageIsReadOrRefusedAndNothingElse(
            @ForAll("records") Record sent, @ForAll int position, @ForAll byte damage) {
        Buffer damaged = encoded(sent);
        damaged.setByte(Math.floorMod(position, damaged.length()), damage);

        assertThatCode(() -> readOrRefused(sent, damaged)).doesNotThrowAnyException();
    }

    private static void readOrRefused(Record sent, Buffer damaged) {
        try {
            assertThat(codecOf(sent).decodeFromWire(0, damaged)).isNotNull();
        } catch (MalformedMessageException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }

    @Test
    void hugeLengthAllocatesNothing() {
        Buffer wire = Buffer.buffer().appendByte((byte) RecordCodec.VERSION);
        new WireWriter(wire).number(Integer.MAX_VALUE);

        assertThatThrownBy(() -> codecOf(new Accepted("", "")).decodeFromWire(0, wire))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("cut short");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Usage.MAX_TOKENS + 1, Integer.MAX_VALUE})
    void usageOutOfRangeIsRefused(int tokens) {
        assertUsageIsRefused(tokens, 0, "promptTokens: " + tokens + " (expected: 0 … 1073741823)");
        assertUsageIsRefused(0, tokens, "completionTokens: " + tokens + " (expected: 0 … 1073741823)");
    }

    private static void assertUsageIsRefused(int promptTokens, int completionTokens, String message) {
        Buffer wire = Buffer.buffer();
        new WireWriter(wire)
                .octet(RecordCodec.VERSION)
                .string("gen_1")
                .number(0L)
                .constant(FinishReason.STOP)
                .number(promptTokens)
                .number(completionTokens)
                .flag(false);

        assertThatThrownBy(() -> codecOf(new Finished("", 0, FinishReason.STOP, Usage.NONE))
                        .decodeFromWire(0, wire))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage(message);
    }

    @Test
    void loneSurrogateIsNotSilentlyReplaced() {
        assertThatThrownBy(() -> encoded(new Accepted("\ud800", ""))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void registeringTwiceIsHarmless() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            MessageCodecs.register(vertx.eventBus());
            MessageCodecs.register(vertx.eventBus());

            var sent = new Accepted("gen_1", "runnel.generator.1");
            vertx.eventBus().consumer("echo", message -> message.reply(message.body()));
            Object received = vertx.eventBus()
                    .request("echo", sent)
                    .await(5, TimeUnit.SECONDS)
                    .body();
            assertThat(received).isSameAs(sent);
        } finally {
            vertx.close().await(5, TimeUnit.SECONDS);
        }
    }

    @SuppressWarnings("unchecked") // the codec was looked up by the record's own class
    private static RecordCodec<Record> codecOf(Record message) {
        return (RecordCodec<Record>) MessageCodecs.all().stream()
                .filter(codec -> codec.type() == message.getClass())
                .findAny()
                .orElseThrow();
    }

    private static Buffer encoded(Record message) {
        Buffer wire = Buffer.buffer();
        codecOf(message).encodeToWire(wire, message);
        return wire;
    }

    @Provide
    Arbitrary<Record> records() {
        return Arbitraries.oneOf(
                submits().map(Record.class::cast),
                Combinators.combine(strings(), strings()).as(Accepted::new),
                Combinators.combine(strings(), Arbitraries.of(Cancel.Cause.class))
                        .as(Cancel::new),
                Combinators.combine(strings(), longs(), texts(), ints()).as(Delta::new),
                Combinators.combine(strings(), longs(), Arbitraries.of(FinishReason.class), usages())
                        .as(Finished::new),
                Combinators.combine(strings(), longs(), failures()).as(Failed::new),
                endeds());
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
                        strings().list().ofSize(4),
                        strings().injectNull(0.5))
                .as((model, conversation, sampling, maxTokens, isDefault, names, trace) -> new Submit(
                        model,
                        conversation,
                        sampling,
                        maxTokens,
                        isDefault,
                        names.get(0),
                        names.get(1),
                        names.get(2),
                        trace,
                        names.get(3)));
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
                        longs().list().ofSize(7))
                .as((names, usage, outcome, failure, numbers) -> new Ended(
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
                                numbers.get(6))));
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
