package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SseReaderTest {

    private static final List<String> PARTS = List.of(
            "data: {\"a\":1}",
            "data:x",
            "data",
            "data:",
            "data:  y",
            "event: error",
            "event: message",
            "event: ping",
            "event",
            ": ping",
            ":",
            "id: 7",
            "retry: 5",
            "dat: no",
            "database: no",
            "data : no",
            "",
            "",
            "",
            "\ufeffdata: mark",
            "é: ü");

    static List<Arguments> streams() {
        return List.of(
                Arguments.of("data: a\n\n", List.of("a")),
                Arguments.of("data: a\r\n\r\n", List.of("a")),
                Arguments.of("data: a\r\r", List.of("a")),
                Arguments.of("data: a\n\r\n", List.of("a")),
                Arguments.of("data: a\r\n\ndata: b\r\r\n", List.of("a", "b")),
                Arguments.of("data:a\n\n", List.of("a")),
                Arguments.of("data:  a\n\n", List.of(" a")),
                Arguments.of("data: a\ndata: b\n\n", List.of("a\nb")),
                Arguments.of("data\ndata\n\n", List.of("\n")),
                Arguments.of("data:\n\n", List.of("")),
                Arguments.of("data: a\ndata:\ndata: c\n\n", List.of("a\n\nc")),
                Arguments.of(": ping\n\ndata: a\n: pong\n\n", List.of("a")),
                Arguments.of("id: 1\nretry: 2\nevent: message\nother: x\ndata: a\n\n", List.of("a")),
                Arguments.of("\ufeffdata: a\n\n", List.of("a")),
                Arguments.of("\ufeff\ufeffdata: a\n\ndata: b\n\n", List.of("b")),
                Arguments.of("data: a\n\n\ufeffdata: b\n\n", List.of("a")),
                Arguments.of("event: error\ndata: a\n\ndata: b\n\n", List.of("!a", "b")),
                Arguments.of("event: error\n\ndata: b\n\n", List.of("b")),
                Arguments.of("event: error\nevent: message\ndata: b\n\n", List.of("b")),
                Arguments.of("event: ping\ndata: a\n\ndata: b\n\n", List.of("b")),
                Arguments.of("event: ping\ndata: a\ndata: b\n\ndata: c\n\n", List.of("c")),
                Arguments.of("event: errors\ndata: a\n\n", List.of()),
                Arguments.of("event:\ndata: a\n\n", List.of("a")),
                Arguments.of("data: never ended\n", List.of()),
                Arguments.of("data: a\n\ndata: never ended", List.of("a")),
                Arguments.of("", List.of()));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void eventsAreThoseOfTheStandardWhateverTheChunking(String stream, List<String> expected) {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);

        assertThat(read(bytes, List.of(bytes.length))).isEqualTo(expected);
        assertThat(read(bytes, List.of(1))).isEqualTo(expected);
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(read(bytes, List.of(cut, bytes.length)))
                    .as("cut at %d", cut)
                    .isEqualTo(expected);
        }
    }

    @Property(tries = 2000)
    void anyStreamIsReadAsTheReferenceReadsIt(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder stream = new StringBuilder(random.nextInt(4) == 0 ? "\ufeff" : "");
        for (int i = random.nextInt(12); i > 0; i--) {
            stream.append(PARTS.get(random.nextInt(PARTS.size())));
            stream.append(List.of("\n", "\r\n", "\r").get(random.nextInt(3)));
        }
        byte[] bytes = stream.toString().getBytes(StandardCharsets.UTF_8);
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sizes.add(random.nextInt(9));
        }
        sizes.add(1 + random.nextInt(bytes.length + 1));

        assertThat(read(bytes, sizes)).as("seed %d", seed).isEqualTo(reference(stream.toString()));
    }

    @Test
    void lineOverTheLimitIsRefused() {
        var reader = new SseReader((bytes, from, end, error) -> {}, 1 << 20);
        byte[] chunk = new byte[64 * 1024];

        assertThatThrownBy(() -> {
                    for (int i = 0; i <= 16; i++) {
                        reader.feed(chunk, 0, chunk.length);
                    }
                })
                .isInstanceOf(BadUpstreamException.class)
                .hasMessageContaining("1048576");
    }

    @Test
    void eventOfManyLinesOverTheLimitIsRefused() {
        var reader = new SseReader((bytes, from, end, error) -> {}, 1 << 20);
        byte[] line = ("data: " + "x".repeat(64 * 1024) + "\n").getBytes(StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> {
                    for (int i = 0; i <= 16; i++) {
                        reader.feed(line, 0, line.length);
                    }
                })
                .isInstanceOf(BadUpstreamException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", ": ping\n", "event: ping\ndata: x\n\n", "retry: 1\n"})
    void endlessLinesWithoutAnEventAreRefused(String line) {
        var reader = new SseReader((bytes, from, end, error) -> {}, 4096);
        byte[] chunk = line.repeat(8).getBytes(StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 4096; i++) {
                        reader.feed(chunk, 0, chunk.length);
                    }
                })
                .isInstanceOf(BadUpstreamException.class);
    }

    @Test
    void commentsBetweenEventsAreNoLimit() {
        int[] events = {0};
        var reader = new SseReader((bytes, from, end, error) -> events[0]++, 4096);
        byte[] chunk = ": ping\n\ndata: x\n\n".getBytes(StandardCharsets.US_ASCII);

        for (int i = 0; i < 4096; i++) {
            reader.feed(chunk, 0, chunk.length);
        }

        assertThat(events[0]).isEqualTo(4096);
    }

    @Test
    void eventsOfOneReadMayHaveMoreBytesThanTheLimit() {
        List<String> events = new ArrayList<>();
        var reader = new SseReader((bytes, from, end, error) -> events.add("event"), 1024);
        byte[] chunk = ("data: " + "x".repeat(100) + "\n\n").repeat(150).getBytes(StandardCharsets.US_ASCII);

        reader.feed(chunk, 0, chunk.length);
        reader.feed(chunk, 0, chunk.length);

        assertThat(events).hasSize(300);
    }

    /** Sizes of the chunks, the last one again and again; each chunk in an array that is spoilt afterwards. */
    private static List<String> read(byte[] stream, List<Integer> sizes) {
        List<String> events = new ArrayList<>();
        var reader = new SseReader(
                (bytes, from, end, error) ->
                        events.add((error ? "!" : "") + new String(bytes, from, end - from, StandardCharsets.UTF_8)),
                1 << 20);
        int at = 0;
        for (int i = 0; at < stream.length; i++) {
            int size = Math.min(sizes.get(Math.min(i, sizes.size() - 1)), stream.length - at);
            byte[] chunk = new byte[size + 4];
            System.arraycopy(stream, at, chunk, 2, size);
            reader.feed(chunk, 2, size + 2);
            java.util.Arrays.fill(chunk, (byte) '#');
            at += size;
        }
        return events;
    }

    /** The standard's algorithm on decoded text, step by step. */
    private static List<String> reference(String stream) {
        String text = stream.startsWith("\ufeff") ? stream.substring(1) : stream;
        List<String> events = new ArrayList<>();
        StringBuilder data = new StringBuilder();
        String type = "";
        for (String line : text.replace("\r\n", "\n").replace('\r', '\n').split("(?<=\n)", -1)) {
            if (!line.endsWith("\n")) {
                break;
            }
            String content = line.substring(0, line.length() - 1);
            int colon = content.indexOf(':');
            String field = colon < 0 ? content : content.substring(0, colon);
            String value = colon < 0 ? "" : content.substring(colon + 1).replaceFirst("^ ", "");
            if (content.isEmpty()) {
                if (data.length() > 0 && List.of("", "message", "error").contains(type)) {
                    events.add((type.equals("error") ? "!" : "") + data.substring(0, data.length() - 1));
                }
                data.setLength(0);
                type = "";
            } else if (field.equals("data")) {
                data.append(value).append('\n');
            } else if (field.equals("event")) {
                type = value;
            }
        }
        return events;
    }
}
