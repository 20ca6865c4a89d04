package dev.runnel.message.codec;

import static dev.runnel.message.codec.Records.codecOf;
import static dev.runnel.message.codec.Records.encoded;
import static dev.runnel.message.codec.Records.fields;
import static dev.runnel.message.codec.Records.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.Accepted;
import dev.runnel.message.Adopt;
import dev.runnel.message.Attach;
import dev.runnel.message.Attached;
import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
import dev.runnel.message.Delta;
import dev.runnel.message.Detach;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.Heard;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.KeptEntry;
import dev.runnel.message.Look;
import dev.runnel.message.ModelPlaces;
import dev.runnel.message.Origin;
import dev.runnel.message.Part;
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
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nodes of different versions understand each other: what a newer one adds is skipped, what an older one lacks is
 * defaulted.
 */
class RecordGrowthTest {

    private static final int UNKNOWN_CONSTANT = 99;
    private static final HexFormat HEX = HexFormat.of();

    @Property
    void fieldsOfANewerVersionAreSkipped(@ForAll("records") Record sent) {
        byte[] added = sent instanceof Delta delta ? addedBytes(delta) : addedFields();
        Buffer newer = Buffer.buffer(fields(sent)).appendBytes(added);

        assertThat(codecOf(sent).decodeFromWire(0, frame(newer.getBytes()))).isEqualTo(sent);
    }

    /** A newer version writes every field before its own. */
    private static byte[] addedBytes(Delta delta) {
        boolean isWhole = delta.epoch() != 0 || !delta.tokenIds().isEmpty();
        return isWhole ? new byte[] {7, 0, -1} : new byte[] {0, 0, 7, 0, -1};
    }

    private static byte[] addedFields() {
        Buffer fixed32 = Buffer.buffer();
        new WireWriter(fixed32).number((1003 << WireType.BITS) | WireType.FIXED32);
        fixed32.appendIntLE(-1);
        byte[] others = FieldWriter.bytes(
                "",
                (out, nothing) -> out.number(1000, -1)
                        .string(1001, "new")
                        .optionalReal(1002, 0.5)
                        .number((1 << 28) - 1, 1));
        return fixed32.appendBytes(others).getBytes();
    }

    @Test
    void fieldsOfANewerVersionInsideOfARecordAreSkipped() {
        byte[] newer = FieldWriter.bytes(
                "",
                (out, nothing) -> out.string(1, "m")
                        .record(
                                2,
                                "",
                                (turn, none) ->
                                        turn.number(1, 2).string(2, "hi").string(3, "name"))
                        .record(
                                3,
                                "",
                                (sampling, none) ->
                                        sampling.optionalNumber(3, 0L).optionalReal(8, 0.1)));

        assertThat(codecOf(emptySubmit()).decodeFromWire(0, frame(newer)))
                .isEqualTo(new Submit(
                        "m",
                        List.of(Turn.user("hi")),
                        new Sampling(null, null, 0, null, null, null, List.of()),
                        0,
                        false,
                        "",
                        Origin.NO_KEY,
                        ""));
    }

    static Stream<Record> emptyRecords() {
        return Stream.of(
                emptySubmit(),
                new Accepted("", ""),
                new Cancel("", Cancel.Cause.UNKNOWN),
                new Cancelled("", false),
                new Look("", ""),
                new Status("", Status.Phase.UNKNOWN, "", 0, ""),
                new Attach("", "", "", 0, "", false, 0),
                new Attached("", Attached.Answer.UNKNOWN),
                new Detach("", "", 0),
                new Part("", 0, PartKind.UNKNOWN, "", 0),
                new Finished("", 0, FinishReason.UNKNOWN, Usage.NONE),
                new Failed("", 0, Failure.of(FailureCode.UNKNOWN, "")),
                new Ended("", "", "", "", "", Usage.NONE, Ended.Outcome.UNKNOWN, null, 0, Ended.Durations.ZERO),
                new Heartbeat("", 0, 0, "", 0, List.of(), List.of()),
                new Heard("", Heard.Verdict.UNKNOWN),
                new Revoked(""),
                new Adopt("", "", "", "", ""),
                new KeptEntry("", "", "", false, "", "", 0, "", ""));
    }

    private static Submit emptySubmit() {
        return new Submit("", List.of(), Sampling.UNSET, 0, false, "", Origin.NO_KEY, "");
    }

    @ParameterizedTest
    @MethodSource("emptyRecords")
    void fieldsThatAnOlderVersionLacksHaveDefaults(Record defaults) {
        assertThat(codecOf(defaults).decodeFromWire(0, frame(new byte[0]))).isEqualTo(defaults);
    }

    @Test
    void keptEntryIsReadFromItsBytes() {
        var entry = new KeptEntry(
                "gen_1", "runnel ada", "story", true, "runnel.inbox.1", "node", 1, "runnel.generator.1", "b");

        assertThat(MessageCodecs.keptEntry(MessageCodecs.bytes(entry))).isEqualTo(entry);
    }

    @Test
    void shareThatAnOlderVersionLacksIsTheWhole() {
        var whole = new Submit("", List.of(), Sampling.UNSET, 0, false, "", Origin.NO_KEY, "");
        var half = new Submit("", List.of(), Sampling.UNSET, 0, false, "", Origin.NO_KEY.withShare(0.5), "");

        assertThat(codecOf(whole).decodeFromWire(0, frame(new byte[0]))).isEqualTo(whole);
        assertThat(codecOf(half).decodeFromWire(0, encoded(half))).isEqualTo(half);
    }

    @Test
    void lastFieldOfADeltaThatAnOlderVersionLacksHasItsDefault() {
        var delta = new Delta("gen_1", 3, EscapedText.of("é"), 2);
        byte[] whole = fields(delta);

        Record read = codecOf(delta).decodeFromWire(0, frame(Arrays.copyOf(whole, whole.length - 1)));

        assertThat(read).isEqualTo(new Delta("gen_1", 3, EscapedText.of("é"), 0));
    }

    static Stream<ConstantNumbers<?>> constants() {
        return Stream.of(
                SubmitForm.ROLES,
                RecordForms.CAUSES,
                RecordForms.PHASES,
                RecordForms.ANSWERS,
                RecordForms.FINISH_REASONS,
                RecordForms.PART_KINDS,
                RecordForms.FAILURE_CODES,
                RecordForms.OUTCOMES,
                ClusterForms.VERDICTS);
    }

    @ParameterizedTest
    @MethodSource("constants")
    <E extends Enum<E>> void everyConstantHasANumberOfItsOwn(ConstantNumbers<E> numbers) {
        E[] constants = numbers.constants().get(0).getDeclaringClass().getEnumConstants();

        assertThat(numbers.constants()).containsExactlyInAnyOrder(constants);
        for (E constant : constants) {
            assertThat(numbers.constantOf(numbers.numberOf(constant))).isEqualTo(constant);
        }
    }

    @ParameterizedTest
    @MethodSource("constants")
    <E extends Enum<E>> void constantOfANewerVersionReadsAsUnknown(ConstantNumbers<E> numbers) {
        for (long number : new long[] {UNKNOWN_CONSTANT, -1, 1L << 32, 0}) {
            assertThat(numbers.constantOf(number).name()).isEqualTo("UNKNOWN");
        }
    }

    @Test
    void messageWithAConstantOfANewerVersionIsRead() {
        assertRead(
                new Finished("gen_1", 2, FinishReason.UNKNOWN, Usage.NONE),
                out -> out.string(1, "gen_1").number(2, 2).number(3, UNKNOWN_CONSTANT));
        assertRead(
                new Part("gen_1", 2, PartKind.UNKNOWN, "[]", 1),
                out -> out.string(1, "gen_1")
                        .number(2, 2)
                        .number(3, UNKNOWN_CONSTANT)
                        .string(4, "[]")
                        .number(5, 1));
        assertRead(
                new Failed("gen_1", 0, Failure.of(FailureCode.UNKNOWN, "new")),
                out -> out.string(1, "gen_1")
                        .record(
                                3,
                                "",
                                (failure, none) ->
                                        failure.number(1, UNKNOWN_CONSTANT).string(2, "new")));
        assertRead(
                new Cancel("gen_1", Cancel.Cause.UNKNOWN),
                out -> out.string(1, "gen_1").number(2, UNKNOWN_CONSTANT));
    }

    private static void assertRead(Record expected, Consumer<FieldWriter> newer) {
        byte[] fields = FieldWriter.bytes("", (out, nothing) -> newer.accept(out));
        assertThat(codecOf(expected).decodeFromWire(0, frame(fields))).isEqualTo(expected);
    }

    /** The records whose bytes are kept in {@code release-0.1}, one file each. */
    static Stream<Record> recordsOfRelease01() {
        return Stream.of(
                new Submit(
                        "story",
                        List.of(new Turn(Turn.Role.SYSTEM, "Be brief."), Turn.user("Once upon a tïme\n")),
                        new Sampling(0.8, 0.95, 40, 4_294_967_294L, 0.0, -1.5, List.of("END", "😀")),
                        256,
                        true,
                        "",
                        new Origin(
                                "ada",
                                "key_I04-tYpfEJf0xrkx",
                                "0193a5c2-7b6d",
                                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                "",
                                1),
                        "runnel.inbox.0123ABCD"),
                new Accepted("gen_EKNSVC1M48M0A0J2GBGY8PPW", "runnel.generator.EKNSVC1M"),
                new Cancel("gen_EKNSVC1M48M0A0J2GBGY8PPW", Cancel.Cause.DELETED),
                new Delta("gen_EKNSVC1M48M0A0J2GBGY8PPW", 300, EscapedText.of(" \"upon\" ä\n"), 2),
                new Finished("gen_EKNSVC1M48M0A0J2GBGY8PPW", 301, FinishReason.LENGTH, new Usage(4, 256, true)),
                new Failed(
                        "gen_EKNSVC1M48M0A0J2GBGY8PPW",
                        301,
                        new Failure(FailureCode.UPSTREAM_OVERLOADED, "try again in 7 s", "model", 7)),
                new Ended(
                        "gen_EKNSVC1M48M0A0J2GBGY8PPW",
                        "ada",
                        "key_I04-tYpfEJf0xrkx",
                        "0193a5c2-7b6d",
                        "story",
                        new Usage(4, 256, false),
                        Ended.Outcome.TIMED_OUT,
                        FailureCode.FIRST_TOKEN_TIMEOUT,
                        3,
                        new Ended.Durations(12_000_000, -1, 30_012_000_000L, -1, 5_000_000, -1)),
                heartbeat(List.of()));
    }

    private static Heartbeat heartbeat(List<SentTexts> sent) {
        return new Heartbeat(
                "3f0c2d8a-5c1e-4a55-9d3e-0d1b7a6c2e10",
                1,
                1,
                "Yk1hZ2lj",
                123_456,
                List.of("runnel.generator.EKNSVC1M"),
                List.of(new ModelPlaces("story", true, 3)),
                sent);
    }

    /** A node of release 0.1 reads the fields that it knows, and skips the last one. */
    @Test
    void heartbeatWithSentTextsIsThatOfRelease01AndOneFieldMore() throws IOException {
        var sent = heartbeat(List.of(
                new SentTexts("runnel.inbox.0123ABCD", List.of(new SentText("gen_EKNSVC1M48M0A0J2GBGY8PPW", 1, 301)))));

        byte[] known = WireReader.of(HEX.parseHex(kept(sent))).bytes();

        assertThat(fields(sent)).startsWith(known);
        assertThat(fields(sent)[known.length] >>> WireType.BITS).isEqualTo(8);
        assertThat(codecOf(sent).decodeFromWire(0, encoded(sent))).isEqualTo(sent);
    }

    /** A file is never changed. A release with another form gets a directory of its own. */
    @ParameterizedTest
    @MethodSource("recordsOfRelease01")
    void bytesOfRelease01AreRead(Record record) throws IOException {
        Buffer wire = Buffer.buffer(HEX.parseHex(kept(record)));

        assertThat(codecOf(record).decodeFromWire(0, wire)).isEqualTo(record);
    }

    /** What a node of release 0.1 receives. */
    @ParameterizedTest
    @MethodSource("recordsOfRelease01")
    void recordsOfRelease01HaveTheSameBytesToday(Record record) throws IOException {
        assertThat(HEX.formatHex(encoded(record).getBytes())).isEqualTo(kept(record));
    }

    private static String kept(Record record) throws IOException {
        String name = "release-0.1/" + record.getClass().getSimpleName() + ".hex";
        try (InputStream file = RecordGrowthTest.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", "");
        }
    }

    @Provide
    Arbitrary<Record> records() {
        return Records.all();
    }
}
