package dev.runnel.message.codec;

import static dev.runnel.message.codec.Records.codecOf;
import static dev.runnel.message.codec.Records.encoded;
import static dev.runnel.message.codec.Records.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.message.Accepted;
import dev.runnel.message.Finished;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
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
    void bytesAfterAMessageAreRefused(@ForAll("records") Record sent) {
        Buffer longer = encoded(sent).appendByte((byte) 0);

        assertThatThrownBy(() -> codecOf(sent).decodeFromWire(0, longer))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("after the message");
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

    @ParameterizedTest
    @ValueSource(longs = {Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void impossibleLengthAllocatesNothing(long length) {
        Buffer frame = Buffer.buffer();
        new WireWriter(frame).number(length);
        Buffer field = Buffer.buffer();
        new WireWriter(field).number((1 << WireType.BITS) | WireType.BYTES).number(length);

        for (Buffer wire : List.of(frame, frame(field.getBytes()))) {
            assertThatThrownBy(() -> codecOf(new Accepted("", "")).decodeFromWire(0, wire))
                    .isInstanceOf(MalformedMessageException.class)
                    .hasMessageContaining("cut short");
        }
    }

    @Property
    void numberHasAsManyBytesAsComputed(@ForAll long value) {
        Buffer wire = Buffer.buffer();

        new WireWriter(wire).number(value);

        assertThat(wire.length()).isEqualTo(WireWriter.numberLength(value));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Integer.MIN_VALUE, Usage.MAX_TOKENS + 1, Integer.MAX_VALUE, Long.MAX_VALUE})
    void usageOutOfRangeIsRefused(long tokens) {
        assertUsageIsRefused(tokens, 0, "promptTokens: " + tokens + " (expected: 0 … 1073741823)");
        assertUsageIsRefused(0, tokens, "completionTokens: " + tokens + " (expected: 0 … 1073741823)");
    }

    private static void assertUsageIsRefused(long promptTokens, long completionTokens, String message) {
        byte[] fields = FieldWriter.bytes(
                "",
                (out, nothing) -> out.record(
                        4, "", (usage, none) -> usage.number(1, promptTokens).number(2, completionTokens)));

        assertThatThrownBy(() -> codecOf(new Finished("", 0, FinishReason.STOP, Usage.NONE))
                        .decodeFromWire(0, frame(fields)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage(message);
    }

    @Test
    void knownFieldOfAnotherTypeIsRefused() {
        byte[] fields = FieldWriter.bytes("", (out, nothing) -> out.number(1, 7));

        assertThatThrownBy(() -> codecOf(new Accepted("", "")).decodeFromWire(0, frame(fields)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("type of field 1: 0 (expected: 2)");
    }

    @Test
    void loneSurrogateIsNotSilentlyReplaced() {
        assertThatThrownBy(() -> encoded(new Accepted("\ud800", ""))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @ExtendWith(VertxExtension.class)
    void registeringTwiceIsHarmless(Vertx vertx) throws Exception {
        MessageCodecs.register(vertx.eventBus());
        MessageCodecs.register(vertx.eventBus());

        var sent = new Accepted("gen_1", "runnel.generator.1");
        vertx.eventBus().consumer("echo", message -> message.reply(message.body()));
        Object received = vertx.eventBus()
                .request("echo", sent)
                .await(5, TimeUnit.SECONDS)
                .body();
        assertThat(received).isSameAs(sent);
    }

    @Provide
    Arbitrary<Record> records() {
        return Records.all();
    }
}
