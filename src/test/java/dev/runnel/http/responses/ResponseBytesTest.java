package dev.runnel.http.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.openai.Golden;
import dev.runnel.message.Finished;
import dev.runnel.resume.KeptRequest;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Parts;
import dev.runnel.text.SharedText;
import dev.runnel.text.Transcript;
import dev.runnel.text.TranscriptReader;
import dev.runnel.text.Usage;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The exact bytes of answers as files, and the numbers of events. */
class ResponseBytesTest {

    private static final List<String> PIECES = List.of("Once", " \"up\nö", "🎈");
    private static final ErrorResponse ERROR =
            ErrorResponse.of(Failure.of(FailureCode.UPSTREAM_FAILED, "the upstream failed"));

    private static ResponseObject response() {
        ResponsesRequest request = ParsedResponse.parse(
                "{\"input\":\"hi\",\"instructions\":\"Be \\\"kind\\\".\",\"metadata\":{\"a\":\"b\"},"
                        + "\"temperature\":0.5}");
        KeptRequest kept = new KeptRequest(request.members(), List.of());
        return new ResponseObject("gen_1", "echo", 1_795_842_938, kept);
    }

    private static ResponseOutput output(Transcript text) {
        return ResponseOutput.of("gen_1", text, new Parts().reader());
    }

    private static Finished finished(FinishReason reason) {
        return new Finished("gen_1", 3, reason, new Usage(4, 3, false));
    }

    private static SharedText text(List<String> pieces) {
        SharedText text = new SharedText(true);
        pieces.forEach(piece -> text.append(EscapedText.of(piece)));
        return text;
    }

    private static String file(String name) {
        return Golden.file(ResponseBytesTest.class, name);
    }

    /** A client on a stream of its own, that reads event by event. */
    private static final class Client {

        private final Transcript transcript = new Transcript();
        private final TranscriptReader reader = new TranscriptReader(transcript);
        private final ResponseEvents events;
        private final StringBuilder stream = new StringBuilder();

        Client(boolean isResumable, long received) {
            events = new ResponseEvents(response(), isResumable, received);
            stream.append(events.head());
        }

        Client shown(SharedText text) {
            transcript.show(text);
            return sent();
        }

        Client piece(String piece) {
            transcript.append(EscapedText.of(piece));
            return sent();
        }

        private Client sent() {
            if (reader.hasUnsent()) {
                int announced = events.deltaLength(reader);
                Buffer event = Buffer.buffer();
                events.delta(reader, event::appendBytes);
                assertThat(event.length()).isEqualTo(announced);
                stream.append(event);
            }
            return this;
        }

        String ended(AsyncResult<Finished> how) {
            if (how.succeeded()) {
                events.end(reader, how.result()).forEach(stream::append);
            } else {
                stream.append(events.error(reader, ERROR));
            }
            return stream.toString();
        }
    }

    private static String whole(List<String> pieces, AsyncResult<Finished> how) {
        Client client = new Client(true, ResponseEvents.NONE);
        SharedText text = new SharedText(true);
        for (String piece : pieces) {
            text.append(EscapedText.of(piece));
            client.shown(text);
        }
        return client.ended(how);
    }

    private static Future<Finished> failure() {
        return Future.failedFuture(new GenerationException(Failure.of(FailureCode.UPSTREAM_FAILED, "x")));
    }

    /** What remains of a stream after the event with a number. */
    private static String after(String stream, long number) {
        int event = stream.indexOf("\"sequence_number\":" + number + ",");
        assertThat(event).isPositive();
        return stream.substring(stream.indexOf("\n\n", event) + 2);
    }

    private static List<Long> numbers(String stream) {
        List<Long> numbers = new ArrayList<>();
        for (String line : stream.lines().toList()) {
            if (line.startsWith("data: ")) {
                String rest = line.substring(line.indexOf("\"sequence_number\":") + 18);
                numbers.add(Long.parseLong(rest.substring(0, rest.indexOf(','))));
            }
        }
        return numbers;
    }

    @Test
    void streamIsTheFile() {
        Client client = new Client(false, ResponseEvents.NONE);
        PIECES.forEach(client::piece);

        String stream = client.ended(Future.succeededFuture(finished(FinishReason.LENGTH)));

        assertThat(stream).isEqualTo(file("stream.txt"));
        assertThat(numbers(stream)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void resumableStreamIsTheFile() {
        assertThat(whole(PIECES, Future.succeededFuture(finished(FinishReason.STOP))))
                .isEqualTo(file("stream-resumable.txt"));
    }

    @Test
    void streamWithoutTextHasAMessage() {
        assertThat(whole(List.of(), Future.succeededFuture(finished(FinishReason.STOP))))
                .isEqualTo(file("stream-without-text.txt"));
    }

    @Test
    void failureAndCancelAreTheFiles() {
        assertThat(whole(PIECES, failure())).isEqualTo(file("stream-failed.txt"));
        assertThat(whole(PIECES, Future.succeededFuture(finished(FinishReason.CANCELLED))))
                .isEqualTo(file("stream-cancelled.txt"));
        assertThat(numbers(whole(List.of(), failure()))).containsExactly(0L, 1L, 2L);
    }

    @Test
    void refusedKeyEndsTheStreamAlone() {
        ResponseEvents events = new ResponseEvents(response(), true, ResponseEvents.NONE);

        assertThat(events.error(new TranscriptReader(new Transcript()), ErrorResponse.unauthenticated("revoked"))
                        .toString())
                .isEqualTo(file("stream-refused.txt"));
    }

    @Test
    void objectsAreTheFiles() {
        Transcript transcript = new Transcript();
        transcript.show(text(PIECES));

        assertThat(response()
                        .json(ResponseStatus.of(finished(FinishReason.STOP)), output(transcript))
                        .toString())
                .isEqualTo(file("completed.json"));
        assertThat(response()
                        .json(ResponseStatus.IN_PROGRESS, output(transcript))
                        .toString())
                .isEqualTo(file("in-progress.json"));
        assertThat(response()
                        .json(ResponseStatus.QUEUED, output(new Transcript()))
                        .toString())
                .contains("\"status\":\"queued\",\"error\":null")
                .contains("\"output\":[],\"usage\":null}");
        assertThat(response()
                        .json(ResponseStatus.failed(ERROR), output(transcript))
                        .toString())
                .contains("\"status\":\"failed\",\"error\":{\"code\":\"upstream_failed\",")
                .contains("\"status\":\"incomplete\",\"role\":\"assistant\"");
    }

    @ParameterizedTest
    @CsvSource({
        "STOP, completed, null",
        "UNKNOWN, completed, null",
        "LENGTH, incomplete, max_output_tokens",
        "CONTENT_FILTER, incomplete, content_filter",
        "CANCELLED, cancelled, null"
    })
    void statusFollowsFromTheFinishReason(FinishReason reason, String word, String detail) {
        ResponseStatus status = ResponseStatus.of(finished(reason));

        assertThat(status.word()).isEqualTo(word);
        assertThat(status.incompleteDetails())
                .isEqualTo(detail.equals("null") ? "null" : "{\"reason\":\"" + detail + "\"}");
        assertThat(status.isFailure()).isEqualTo(reason == FinishReason.CANCELLED);
    }

    @Test
    void estimatedUsageSaysSo() {
        Finished estimated = new Finished("gen_1", 0, FinishReason.STOP, new Usage(1, 2, true));

        assertThat(ResponseStatus.of(estimated).usage()).endsWith("\"total_tokens\":3,\"estimated\":true}");
    }

    private static void assertContinuesAfterEachEvent(List<String> pieces, Future<Finished> how) {
        String whole = whole(pieces, how);
        SharedText text = text(pieces);
        List<Long> numbers = numbers(whole);
        for (long received : numbers) {
            Client client = new Client(true, received);
            long position =
                    EventNumbers.position(text, Optional.of(how), received).orElseThrow();
            client.events.continueAt(text, position);
            client.reader.startAt(text.escapedPosition(position).orElseThrow(), position);
            client.transcript.show(text);

            String rest = client.sent().ended(how);

            String expected = after(whole, received);
            assertThat(rest.isEmpty()).isEqualTo(expected.isEmpty());
            if (received < EventNumbers.opened(0) || received >= EventNumbers.opened(0) + pieces.size() - 1) {
                assertThat(numbers(rest)).isSubsetOf(numbers(expected));
            }
            assertThat(deltas(rest)).isEqualTo(deltas(expected));
            assertThat(last(rest)).isEqualTo(last(expected));
        }
        long beyond = numbers.get(numbers.size() - 1) + 1;
        assertThat(EventNumbers.position(text, Optional.of(how), beyond)).isEmpty();
    }

    private static String last(String stream) {
        String[] events = stream.strip().split("\n\n", -1);
        return events[events.length - 1];
    }

    private static String deltas(String stream) {
        StringBuilder text = new StringBuilder();
        for (String line : stream.lines().toList()) {
            if (line.startsWith("data: {\"type\":\"response.output_text.delta\"")) {
                int start = line.indexOf("\"delta\":\"") + 9;
                text.append(line, start, line.indexOf("\",\"logprobs\""));
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource(FinishReason.class)
    void streamContinuesAfterEachEvent(FinishReason reason) {
        Future<Finished> how = Future.succeededFuture(finished(reason));

        assertContinuesAfterEachEvent(PIECES, how);
        assertContinuesAfterEachEvent(List.of(), how);
    }

    @Test
    void failedStreamContinuesAfterEachEvent() {
        assertContinuesAfterEachEvent(PIECES, failure());
        assertContinuesAfterEachEvent(List.of(), failure());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void runningResponseHasTheEventsOfItsText(int pieces) {
        SharedText text = text(PIECES.subList(0, pieces));
        long last = pieces == 0 ? 1 : 3 + pieces;

        for (long received = ResponseEvents.NONE; received <= last; received++) {
            long expected = received < 4 ? 0 : text.pieceEnd((int) received - 3);
            assertThat(EventNumbers.position(text, Optional.empty(), received)).hasValue(expected);
        }
        assertThat(EventNumbers.position(text, Optional.empty(), last + 1)).isEmpty();
        assertThat(EventNumbers.position(text, Optional.empty(), Long.MAX_VALUE))
                .isEmpty();
    }

    @Test
    void foldedEventHasTheNumberOfItsLastPiece() {
        Client client = new Client(false, ResponseEvents.NONE);
        client.shown(text(PIECES));

        String stream = client.ended(Future.succeededFuture(finished(FinishReason.STOP)));

        assertThat(numbers(stream)).containsExactly(0L, 1L, 2L, 3L, 6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void heartbeatIsNoPing() {
        assertThat(new ResponseEvents(response(), false, ResponseEvents.NONE)
                        .ping()
                        .toString())
                .isEqualTo(": keep-alive\n");
    }
}
