package dev.runnel.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.message.Finished;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import dev.runnel.text.Parts;
import dev.runnel.text.PlacedPart;
import dev.runnel.text.Transcript;
import dev.runnel.text.TranscriptReader;
import dev.runnel.text.Usage;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The exact bytes of answers, as files. */
class AnswerBytesTest {

    private static final Finished FINISHED = new Finished("gen_1", 2, FinishReason.LENGTH, new Usage(4, 2, false));
    private static final String FIRST = "Once";
    private static final String SECOND = " \"up\nö";

    private final Transcript transcript = new Transcript();
    private final TranscriptReader reader = new TranscriptReader(transcript);

    private static AnswerHead head(AnswerShape shape) {
        return new AnswerHead(shape, "gen_1", 1_795_842_938, "echo");
    }

    private static String name(AnswerShape shape) {
        return shape == AnswerShape.CHAT ? "chat" : "completion";
    }

    /** What is not text. */
    private static Parts.Reader parts(PlacedPart... parts) {
        Parts all = new Parts();
        Parts.Reader first = all.reader();
        Arrays.asList(parts).forEach(all::append);
        return first;
    }

    private static PlacedPart thought(String json) {
        return new PlacedPart(PartKind.REASONING_CONTENT, json, 0, 0, 0);
    }

    private String event(ChunkFormat format, String text) {
        transcript.append(EscapedText.of(text));
        int announced = format.deltaLength(reader);
        Buffer event = Buffer.buffer();
        format.delta(reader, event::appendBytes);
        assertThat(event.length()).isEqualTo(announced);
        return event.toString();
    }

    private String end(ChunkFormat format, Finished finished) {
        StringBuilder all = new StringBuilder();
        format.end(reader, finished).forEach(event -> all.append(event.toString()));
        return all.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "CHAT, false, false, chat-stream.txt",
        "CHAT, true, false, chat-stream-with-usage.txt",
        "CHAT, false, true, chat-stream-resumable.txt",
        "TEXT, false, false, completion-stream.txt",
        "TEXT, true, false, completion-stream-with-usage.txt",
        "TEXT, false, true, completion-stream-resumable.txt"
    })
    void streamIsTheFile(AnswerShape shape, boolean includesUsage, boolean isResumable, String file) {
        ChunkFormat format = new ChunkFormat(head(shape), includesUsage, isResumable);

        String stream = event(format, FIRST) + event(format, SECOND) + end(format, FINISHED);

        assertThat(stream).isEqualTo(Golden.file(file));
        assertThat(format.head().length()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void streamWithoutTextIsTheFile(AnswerShape shape) {
        ChunkFormat format = new ChunkFormat(head(shape), false, false);

        assertThat(end(format, FINISHED)).isEqualTo(Golden.file(name(shape) + "-stream-without-text.txt"));
    }

    @ParameterizedTest
    @EnumSource
    void wholeAnswerIsTheFile(AnswerShape shape) {
        transcript.append(EscapedText.of(FIRST));
        transcript.append(EscapedText.of(SECOND));

        assertThat(WholeAnswer.of(head(shape), transcript, parts(), FINISHED).toString())
                .isEqualTo(Golden.file(name(shape) + "-whole.json"));
    }

    @Test
    void streamWithReasoningIsTheFile() {
        ChunkFormat format = new ChunkFormat(head(AnswerShape.CHAT), false, false);

        String stream = format.part(thought("\"Hm,\"")).toString()
                + format.part(thought("\" a \\\"tale\\\"ö\""))
                + event(format, FIRST)
                + event(format, SECOND)
                + end(format, FINISHED);

        assertThat(stream).isEqualTo(Golden.file("chat-stream-with-reasoning.txt"));
    }

    @Test
    void wholeAnswerWithReasoningIsTheFile() {
        transcript.append(EscapedText.of(FIRST));
        transcript.append(EscapedText.of(SECOND));

        Buffer answer = WholeAnswer.of(
                head(AnswerShape.CHAT),
                transcript,
                parts(thought("\"Hm,\""), thought("\" a \\\"tale\\\"ö\"")),
                FINISHED);

        assertThat(answer.toString()).isEqualTo(Golden.file("chat-whole-with-reasoning.json"));
    }

    private static final Finished CALLED = new Finished("gen_1", 4, FinishReason.TOOL_CALLS, new Usage(9, 4, false));

    /** Two calls in pieces, as OpenAI sends them. */
    private static final PlacedPart[] CALLS = {
        calls("[{\"index\":0,\"id\":\"call_a\",\"type\":\"function\","
                + "\"function\":{\"name\":\"weather\",\"arguments\":\"\"}}]"),
        calls("[{\"index\":0,\"function\":{\"arguments\":\"{\\\"city\\\":\"}}]"),
        calls("[{\"index\":0,\"function\":{\"arguments\":\"\\\"Ulm\\\"}\"}},{\"index\":1,\"id\":\"call_b\","
                + "\"type\":\"function\",\"function\":{\"name\":\"time\",\"arguments\":\"{}\"}}]")
    };

    private static PlacedPart calls(String json) {
        return new PlacedPart(PartKind.TOOL_CALLS, json, 0, 0, 0);
    }

    @Test
    void streamWithToolsIsTheFile() {
        ChunkFormat format = new ChunkFormat(head(AnswerShape.CHAT), true, false);
        StringBuilder stream = new StringBuilder();
        for (PlacedPart part : CALLS) {
            stream.append(format.part(part));
        }

        assertThat(stream + end(format, CALLED)).isEqualTo(Golden.file("chat-stream-with-tools.txt"));
    }

    @Test
    void wholeAnswerWithToolsIsTheFile() {
        Buffer answer = WholeAnswer.of(head(AnswerShape.CHAT), transcript, parts(CALLS), CALLED);

        assertThat(answer.toString()).isEqualTo(Golden.file("chat-whole-with-tools.json"));
    }

    @Test
    void callsBesideATextLeaveTheText() {
        transcript.append(EscapedText.of(FIRST));

        Buffer answer = WholeAnswer.of(head(AnswerShape.CHAT), transcript, parts(CALLS), CALLED);

        assertThat(answer.toString()).contains("\"content\":\"Once\"").contains("\"tool_calls\":[{");
    }

    @Test
    void partOfAnUnknownKindIsNoEvent() {
        ChunkFormat format = new ChunkFormat(head(AnswerShape.CHAT), false, false);

        assertThat(format.part(new PlacedPart(PartKind.UNKNOWN, "1", 0, 0, 0)).length())
                .isZero();
    }

    @Test
    void errorIsTheFile() {
        ChunkFormat format = new ChunkFormat(head(AnswerShape.CHAT), true, false);
        ErrorResponse error = ErrorResponse.of(Failure.of(FailureCode.UPSTREAM_FAILED, "the upstream failed"));

        assertThat(format.error(reader, error).toString()).isEqualTo(Golden.file("stream-error.txt"));
    }

    @Test
    void cancelledGenerationIsAnError() {
        Finished cancelled = new Finished("gen_1", 2, FinishReason.CANCELLED, new Usage(4, 2, false));
        ChunkFormat format = new ChunkFormat(head(AnswerShape.CHAT), true, false);
        event(format, FIRST);

        assertThat(end(format, cancelled)).isEqualTo(Golden.file("stream-cancelled.txt"));
        assertThat(catchThrowableOfType(
                        RefusedException.class,
                        () -> WholeAnswer.of(head(AnswerShape.CHAT), transcript, parts(), cancelled)))
                .hasMessageContaining("was cancelled");
    }

    @Test
    void heartbeatIsNoPing() {
        ChunkFormat format = new ChunkFormat(head(AnswerShape.CHAT), false, false);

        assertThat(format.ping().toString()).isEqualTo(": keep-alive\n");
    }

    @Test
    void estimatedUsageSaysSo() {
        assertThat(WholeAnswer.usage(new Usage(1, 2, true)))
                .isEqualTo("{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3,\"estimated\":true}");
    }

    @ParameterizedTest
    @EnumSource(value = FinishReason.class, names = "CANCELLED", mode = EnumSource.Mode.EXCLUDE)
    void finishReasonIsTheWordOfTheApi(FinishReason reason) {
        Finished finished = new Finished("gen_1", 0, reason, Usage.NONE);
        String word = reason == FinishReason.UNKNOWN ? "stop" : reason.name().toLowerCase(Locale.ROOT);

        assertThat(end(new ChunkFormat(head(AnswerShape.CHAT), false, false), finished))
                .contains("\"finish_reason\":\"" + word + "\"");
    }

    @Test
    void plainStreamKeepsNoTextThatWasSent() {
        ChunkFormat format = new ChunkFormat(head(AnswerShape.CHAT), false, false);

        event(format, FIRST);

        assertThat(transcript.length()).isZero();
        assertThat(reader.hasUnsent()).isFalse();
    }
}
