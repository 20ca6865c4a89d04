package dev.runnel.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The ruler itself: what is measured with it is worth no more than it is. */
class ReaderTest {

    private static final Load TWO_TOKENS = Load.of(1, 2, 0).at(0, true, "");
    private static final String ONE = "data: {\"id\":\"gen_1\",\"text\":\" 00000a\",\"delta\":\" 00000a\"}\n\n";
    private static final String TWO = "data: {\"id\":\"gen_1\",\"text\":\" 00000a 00000b\",\"delta\":\" 00000b\"}\n\n";
    private static final String BOTH =
            "data: {\"id\":\"gen_1\",\"text\":\" 00000a 00000b\",\"delta\":\" 00000a 00000b\"}\n\n";
    private static final String FINISH =
            "data: {\"id\":\"gen_1\",\"text\":\" 00000a 00000b\",\"delta\":\"\",\"finishReason\":"
                    + "\"length\",\"usage\":{\"promptTokens\":8,\"completionTokens\":2,\"totalTokens\":10}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    @Test
    void wholeStreamIsRight() {
        assertThat(verdict(ONE + TWO + FINISH + DONE)).isNull();
    }

    @Test
    void foldedEventCountsAllOfItsTokens() {
        assertThat(verdict(BOTH + FINISH + DONE)).isNull();
    }

    @Test
    void streamWithoutItsEndIsWrong() {
        assertThat(verdict(ONE + TWO + FINISH)).isEqualTo("no terminal event");
        assertThat(verdict(ONE + TWO + DONE)).isEqualTo("no terminal event");
    }

    @Test
    void lostEventIsWrong() {
        assertThat(verdict(ONE + FINISH + DONE)).isEqualTo("the usage is wrong");
        assertThat(verdict(ONE + ONE + FINISH + DONE)).isEqualTo("the text is not that of the deltas");
    }

    @Test
    void errorAndWhatFollowsTheEndAreWrong() {
        assertThat(verdict(ONE + "data: {\"error\":{\"type\":\"api_error\"}}\n\n"))
                .isEqualTo("an error event");
        assertThat(verdict(ONE + TWO + FINISH + DONE + ONE)).isEqualTo("something after the end");
        assertThat(verdict(ONE + TWO + FINISH + FINISH + DONE)).isEqualTo("two terminal events");
    }

    @Test
    void bodyIsReadHoweverItIsCut() {
        String body = Integer.toHexString(ONE.length()) + "\r\n" + ONE + "\r\n"
                + Integer.toHexString((TWO + FINISH + DONE).length()) + "\r\n" + TWO + FINISH + DONE + "\r\n0\r\n\r\n";
        for (int cut = 1; cut < body.length(); cut++) {
            var events = new EventReader(TWO_TOKENS, (age, tokens) -> {});
            var chunks = new Chunks(new Lines(events));
            for (int from = 0; from < body.length(); from += cut) {
                chunks.feed(bytes(body.substring(from, Math.min(body.length(), from + cut))));
            }
            assertThat(events.verdict(2)).as("in pieces of %d bytes", cut).isNull();
            assertThat(chunks.ended()).isTrue();
        }
    }

    @Test
    void stampHasItsAge() {
        byte[] token = new byte[Stamp.TOKEN_BYTES];
        long before = Stamp.nowMicros();
        Stamp.write(token, 0);
        long after = Stamp.nowMicros();

        assertThat(Stamp.ageMicros(i -> token[i], 0, after + 5_000)).isBetween(5_000, (int) (after - before) + 5_000);
    }

    @Test
    void upstreamWritesWhatTheReaderReads() {
        List<Integer> tokens = new ArrayList<>();
        var events = new EventReader(Load.of(1, 2, 0), (age, count) -> tokens.add(count));
        var chunks = new Chunks(new Lines(events));
        var format = new UpstreamFormat();

        chunks.feed(Unpooled.copiedBuffer(format.token(true)));
        chunks.feed(Unpooled.copiedBuffer(format.token(false)));
        chunks.feed(Unpooled.copiedBuffer(UpstreamFormat.end(2)));

        assertThat(events.verdict(2)).isNull();
        assertThat(tokens).containsExactly(1, 1);
        assertThat(chunks.ended()).isTrue();
    }

    @Test
    void quantilesAreRightToTwoPercent() {
        var histogram = new Histogram();
        LongStream.rangeClosed(1, 1_000_000).forEach(histogram::add);

        assertThat(histogram.quantile(0.5)).isBetween(490_000L, 500_000L);
        assertThat(histogram.quantile(0.99)).isBetween(970_000L, 990_000L);
        assertThat(histogram.quantile(0.00001)).isEqualTo(10);
    }

    private static String verdict(String stream) {
        var events = new EventReader(TWO_TOKENS, (age, tokens) -> {});
        ByteBuf bytes = bytes(stream);
        new Lines(events).take(bytes, 0, bytes.readableBytes());
        return events.verdict(2);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
