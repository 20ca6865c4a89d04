package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaReaderTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicInteger parsed = new AtomicInteger();

    /** Counts the events that are parsed. */
    private final JsonFactory json = new JsonFactory() {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonParser createParser(byte[] data, int offset, int length) throws IOException {
            parsed.incrementAndGet();
            return super.createParser(data, offset, length);
        }
    };

    @Property(tries = 2000)
    void anyEventsAreReadAsJacksonReadsThem(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Api api = random.nextBoolean() ? Api.CHAT : Api.COMPLETIONS;
        DeltaReader reader = reader(api);
        StringBuilder got = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        int tokens = 0;
        String frame = EventSamples.frame(api, random);
        for (int i = 0; i < 30; i++) {
            frame = random.nextInt(8) == 0 ? EventSamples.frame(api, random) : frame;
            String event = frame.replace("TEXT", EventSamples.TEXTS.get(random.nextInt(EventSamples.TEXTS.size())));
            feed(reader, event);
            got.append(random.nextBoolean() ? reader.takeText() : "");
            String text = textOf(JSON.readTree(event), api);
            expected.append(text);
            tokens += text.isEmpty() ? 0 : 1;
        }
        got.append(reader.takeText()).append(reader.takeRest());

        assertThat(got).as("seed %d", seed).hasToString(withReplacements(expected.toString()));
        assertThat(reader.tokens()).isEqualTo(tokens);
        assertThat(reader.events()).isEqualTo(30);
    }

    @Property(tries = 500)
    void bytesThatAreNotUtf8AreReplacedWhereverTheEventsAreCut(@ForAll byte[] text, @ForAll boolean together) {
        byte[] printable = new byte[text.length];
        for (int i = 0; i < text.length; i++) {
            printable[i] = text[i] >= 0 ? (byte) ('a' + text[i] % 26) : text[i];
        }
        String decoded = new String(printable, StandardCharsets.UTF_8);
        DeltaReader reader = reader(Api.CHAT);
        StringBuilder got = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            byte[] event = chat("TEXT").getBytes(StandardCharsets.UTF_8);
            int at = chat("TEXT").indexOf("TEXT");
            var bytes = new java.io.ByteArrayOutputStream();
            bytes.write(event, 0, at);
            bytes.writeBytes(printable);
            bytes.write(event, at + 4, event.length - at - 4);
            reader.event(bytes.toByteArray(), 0, bytes.size(), false);
            got.append(together ? "" : reader.takeText());
        }
        got.append(reader.takeText());

        assertThat(got).hasToString(decoded.repeat(3));
    }

    @Test
    void eventsThatDifferInTheirTextOnlyAreParsedOnce() {
        DeltaReader reader = reader(Api.CHAT);
        for (String text : List.of("one", " two", "", "\\u00fc\\\"", "dreißig", "\\ud83d\\ude00")) {
            feed(reader, chat(text));
        }

        assertThat(reader.takeText()).hasToString("one twoü\"dreißig😀");
        assertThat(reader.tokens()).isEqualTo(5);
        assertThat(parsed).hasValue(1);
    }

    @Test
    void eventThatDiffersAfterItsTextIsParsed() {
        DeltaReader reader = reader(Api.CHAT);
        feed(reader, chat("one"));
        feed(reader, chat(" two").replace("null", "\"no\""));

        assertThat(reader.finish()).isEqualTo("no");
        assertThat(reader.takeText()).hasToString("one two");
        assertThat(parsed).hasValue(2);
    }

    @Test
    void surrogatePairSplitOverEventsIsJoined() {
        DeltaReader reader = reader(Api.CHAT);
        feed(reader, chat("a\\ud83d"));
        assertThat(reader.takeText()).hasToString("a");
        feed(reader, chat("\\ude00b"));
        assertThat(reader.takeText()).hasToString("😀b");
        feed(reader, chat("\\ud83d"));
        assertThat(reader.takeText().isEmpty()).isTrue();
        assertThat(reader.takeRest()).hasToString("\ufffd");
        assertThat(reader.takeRest().isEmpty()).isTrue();
    }

    static List<Arguments> ends() {
        return List.of(
                Arguments.of("{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}", "stop"),
                Arguments.of("{\"choices\":[{\"finish_reason\":\"length\",\"index\":0}]}", "length"),
                Arguments.of("{\"choices\":[{\"index\":1,\"finish_reason\":\"stop\"}]}", null),
                Arguments.of("{\"choices\":[{\"index\":0,\"finish_reason\":null}]}", null),
                Arguments.of("{\"choices\":[{\"index\":0,\"finish_reason\":\"\"}]}", null),
                Arguments.of("{\"choices\":[]}", null),
                Arguments.of("{\"choices\":null}", null),
                Arguments.of("{}", null));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void finishReasonOfTheFirstChoiceIsKept(String event, String finish) {
        DeltaReader reader = reader(Api.CHAT);
        feed(reader, event);

        assertThat(reader.finish()).isEqualTo(finish);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2,\"total_tokens\":6}}",
                "{\"usage\":{\"completion_tokens\":2,\"prompt_tokens\":4,\"x\":{\"prompt_tokens\":9}}}",
                "{\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2},\"choices\":[{\"finish_reason\":\"stop\"}]}",
            })
    void usageIsReadWhereverItComes(String event) {
        DeltaReader reader = reader(Api.CHAT);
        feed(reader, event);
        feed(reader, "{\"usage\":null,\"choices\":[]}");

        assertThat(reader.promptTokens()).isEqualTo(4);
        assertThat(reader.completionTokens()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"usage\":{\"prompt_tokens\":4}} | 4 | 0",
                "{\"usage\":{\"prompt_tokens\":-4,\"completion_tokens\":2}} | 0 | 2",
                "{\"usage\":{\"prompt_tokens\":\"4\",\"completion_tokens\":2}} | 0 | 2",
                "{\"usage\":[]} | 0 | 0"
            })
    void numberOfTheUsageThatIsNoCountIsZero(String event, int promptTokens, int completionTokens) {
        DeltaReader reader = reader(Api.CHAT);
        feed(reader, event);

        assertThat(reader.promptTokens()).isEqualTo(promptTokens);
        assertThat(reader.completionTokens()).isEqualTo(completionTokens);
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 30, Integer.MAX_VALUE, Long.MAX_VALUE})
    void countThatCannotBeIsTheLargestThatCan(long reported) {
        DeltaReader reader = reader(Api.CHAT);
        feed(reader, "{\"usage\":{\"prompt_tokens\":" + reported + ",\"completion_tokens\":" + reported + "}}");

        assertThat(reader.promptTokens()).isEqualTo((1 << 30) - 1);
        assertThat(reader.completionTokens()).isEqualTo((1 << 30) - 1);
    }

    @ParameterizedTest
    @CsvSource({"true, x", "false, '{\"error\":{\"message\":\"no\"}}'", "false, '{\"error\":\"no\",\"choices\":[]}'"})
    void errorEventIsSeen(boolean named, String event) {
        DeltaReader reader = reader(Api.CHAT);
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        reader.event(bytes, 0, bytes.length, named);

        assertThat(reader.isError()).isTrue();
    }

    @Test
    void thoughtIsProgressButNoText() {
        DeltaReader reader = reader(Api.CHAT);
        feed(reader, "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}");
        assertThat(reader.hasProgress()).isFalse();
        feed(reader, "{\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"hm\",\"content\":null}}]}");

        assertThat(reader.hasProgress()).isTrue();
        assertThat(reader.takeText().isEmpty()).isTrue();
        assertThat(reader.tokens()).isZero();
    }

    @Test
    void nothingIsReadAfterDone() {
        DeltaReader reader = reader(Api.CHAT);
        feed(reader, "[DONE]");
        feed(reader, chat("late"));
        feed(reader, "garbage");

        assertThat(reader.isDone()).isTrue();
        assertThat(reader.takeText().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "[]",
                "\"a\"",
                "{",
                "{}{}",
                "{\"choices\":1}",
                "{\"choices\":[1]}",
                "{\"choices\":[{\"delta\":7}]}",
                "{\"choices\":[{\"delta\":{\"content\":7}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"a\nb\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"\\x\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"a}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"a\\"
            })
    void whatIsNoEventOfSuchAStreamIsRefused(String event) {
        DeltaReader reader = reader(Api.CHAT);
        feed(reader, chat("learnt"));

        assertThatThrownBy(() -> feed(reader, event)).isInstanceOf(BadUpstreamException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
    void eventThatIsNotUtf8IsRefused(String charset) {
        DeltaReader reader = reader(Api.CHAT);

        for (String event : List.of(chat("hello"), "{\"choices\":[]}")) {
            byte[] bytes = event.getBytes(Charset.forName(charset));
            assertThatThrownBy(() -> reader.event(bytes, 0, bytes.length, false))
                    .isInstanceOf(BadUpstreamException.class)
                    .hasMessage("an event that is not JSON");
        }
        assertThat(reader.takeText().isEmpty()).isTrue();
    }

    @Test
    void byteOrderMarkBeforeAnEventIsPassedOver() {
        DeltaReader reader = reader(Api.CHAT);
        for (String text : List.of("\ufffd", "one", " two", "\\u00fc")) {
            feed(reader, "\ufeff" + chat(text));
        }

        assertThat(reader.takeText()).hasToString("\ufffdone twoü");
        assertThat(parsed).hasValue(2);
    }

    @Test
    void wholeTextAfterDeltasOfALearntFrameIsARepetition() {
        DeltaReader reader = reader(Api.CHAT);
        feed(reader, chat(""));
        feed(reader, chat("one"));
        feed(reader, chat(" two"));
        feed(reader, "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"one two\"},\"finish_reason\":\"stop\"}]}");

        assertThat(reader.takeText()).hasToString("one two");
        assertThat(reader.isFinished()).isTrue();
    }

    /** The bench is shared by all streams of an event loop: what one leaves there would be another's text. */
    @Test
    void textThatCannotBeReadIsForgotten() {
        ParseBuffers bench = new ParseBuffers(json, Api.CHAT, true, 1 << 20);
        byte[] broken = {'a', '"', 'b'};
        bench.text.add(broken, 0, broken.length);

        assertThatThrownBy(() -> new DeltaReader(bench).takeText()).isInstanceOf(IllegalArgumentException.class);

        assertThat(bench.text.isEmpty()).isTrue();
    }

    @Property(tries = 5000)
    void anyBytesAreReadOrRefusedAndLeaveTheBufferEmpty(@ForAll long seed) {
        Random random = new Random(seed);
        ParseBuffers bench = new ParseBuffers(json, random.nextBoolean() ? Api.CHAT : Api.COMPLETIONS, true, 1 << 20);
        DeltaReader reader = new DeltaReader(bench);
        for (int i = 0; i < 5; i++) {
            byte[] event = EventSamples.spoilt(random);
            int from = random.nextInt(4);
            byte[] bytes = new byte[from + event.length + random.nextInt(4)];
            System.arraycopy(event, 0, bytes, from, event.length);
            assertThat(thrownBy(() -> reader.event(bytes, from, from + event.length, false)))
                    .as("seed %d", seed)
                    .isIn(null, BadUpstreamException.class);
            assertThat(thrownBy(reader::takeText)).as("seed %d", seed).isNull();
            assertThat(bench.text.isEmpty()).isTrue();
        }
    }

    @Test
    void brokenTextInALearntFrameIsRefused() {
        DeltaReader reader = reader(Api.CHAT);
        feed(reader, chat("learnt"));

        for (String text : List.of("a\nb", "\\x", "a\"b", "\\u12", "\\")) {
            assertThatThrownBy(() -> feed(reader, chat(text))).as(text).isInstanceOf(BadUpstreamException.class);
        }
    }

    private static @Nullable Class<?> thrownBy(ThrowingCallable action) {
        Throwable thrown = catchThrowable(action);
        return thrown == null ? null : thrown.getClass();
    }

    private DeltaReader reader(Api api) {
        return new DeltaReader(new ParseBuffers(json, api, true, 1 << 20));
    }

    private static String chat(String text) {
        return "{\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text
                + "\"},\"finish_reason\":null}]}";
    }

    private static void feed(DeltaReader reader, String event) {
        byte[] bytes = ("##" + event + "##").getBytes(StandardCharsets.UTF_8);
        reader.event(bytes, 2, bytes.length - 2, false);
        java.util.Arrays.fill(bytes, (byte) '#');
    }

    private static String textOf(JsonNode event, Api api) {
        for (JsonNode choice : event.path("choices")) {
            if (choice.path("index").asInt(0) == 0) {
                JsonNode text = api == Api.CHAT ? choice.path("delta").path("content") : choice.path("text");
                return text instanceof MissingNode ? "" : text.asText();
            }
        }
        return "";
    }

    private static String withReplacements(String text) {
        int[] whole = text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? 0xfffd : c)
                .toArray();
        return new String(whole, 0, whole.length);
    }
}
