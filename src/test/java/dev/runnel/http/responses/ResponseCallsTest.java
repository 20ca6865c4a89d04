package dev.runnel.http.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.openai.Golden;
import dev.runnel.message.Finished;
import dev.runnel.resume.KeptRequest;
import dev.runnel.resume.KeptTurn;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.PartKind;
import dev.runnel.text.Parts;
import dev.runnel.text.PlacedPart;
import dev.runnel.text.SharedText;
import dev.runnel.text.Transcript;
import dev.runnel.text.TranscriptReader;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Answers with calls of tools: the exact bytes as files, and the numbers of events. */
class ResponseCallsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ErrorResponse ERROR =
            ErrorResponse.of(Failure.of(FailureCode.UPSTREAM_FAILED, "the upstream failed"));
    private static final Future<Finished> DONE =
            Future.succeededFuture(new Finished("gen_1", 9, FinishReason.TOOL_CALLS, new Usage(4, 3, false)));
    private static final Future<Finished> FAILED =
            Future.failedFuture(new GenerationException(Failure.of(FailureCode.UPSTREAM_FAILED, "x")));

    private static final String FIRST =
            "[{\"index\":0,\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]";
    private static final String MORE = "[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":\\ud83d\"}}]";
    private static final String REST = "[{\"index\":0,\"function\":{\"arguments\":\"\\ude00}\"}}]";
    private static final String TWO =
            "[{\"index\":1,\"id\":\"call_b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}},"
                    + "{\"index\":2,\"function\":{\"name\":\"h\",\"arguments\":{\"x\":\"y\"}}}]";
    /** What may arrive. A text is in quotes. */
    private static final List<String> STEPS =
            List.of("\"Once\"", "\" upon\"", FIRST, MORE, REST, TWO, "\"\"", "thought");

    private static ResponseObject response() {
        KeptRequest kept =
                new KeptRequest(ParsedResponse.parse("{\"input\":\"hi\"}").members(), List.of());
        return new ResponseObject("gen_1", "echo", 1_795_842_938, kept);
    }

    private static String file(String name) {
        return Golden.file(ResponseCallsTest.class, name);
    }

    private static void append(SharedText text, String step) {
        if (step.startsWith("\"")) {
            text.append(EscapedText.of(step.substring(1, step.length() - 1)));
        } else if (step.equals("thought")) {
            text.append(PartKind.REASONING_CONTENT, "\"hm\"");
        } else {
            text.append(PartKind.TOOL_CALLS, step);
        }
    }

    /** A client that reads all that there is after each step, as a stream writes it. */
    private static final class Client {

        private final Transcript transcript = new Transcript();
        private final TranscriptReader reader = new TranscriptReader(transcript);
        private final SharedText text;
        private final ResponseEvents events;
        private final Parts.Reader parts;
        private final StringBuilder stream = new StringBuilder();

        Client(SharedText text, long received, long position) {
            this.text = text;
            events = new ResponseEvents(response(), true, received);
            stream.append(events.head());
            events.continueAt(text, position);
            reader.startAt(text.escapedPosition(position).orElseThrow(), position);
            parts = text.parts();
            for (PlacedPart part = parts.peek(); part != null && part.utf8Place() < position; part = parts.peek()) {
                parts.poll();
            }
        }

        Client read() {
            transcript.show(text);
            boolean hasMore = true;
            while (hasMore) {
                PlacedPart part = parts.peek();
                if (part == null) {
                    reader.stopNowhere();
                } else {
                    reader.stopAt(part);
                }
                if (reader.hasUnsent()) {
                    int announced = events.deltaLength(reader);
                    Buffer event = Buffer.buffer();
                    events.delta(reader, event::appendBytes);
                    assertThat(event.length()).isEqualTo(announced);
                    stream.append(event);
                } else if (part != null) {
                    parts.poll();
                    stream.append(events.part(part));
                } else {
                    hasMore = false;
                }
            }
            return this;
        }

        String ended(Future<Finished> how) {
            if (how.succeeded()) {
                events.end(reader, how.result()).forEach(stream::append);
            } else {
                stream.append(events.error(reader, ERROR));
            }
            return stream.toString();
        }
    }

    private static String whole(List<String> steps, Future<Finished> how) {
        SharedText text = new SharedText(true);
        Client client = new Client(text, ResponseEvents.NONE, 0);
        for (String step : steps) {
            append(text, step);
            client.read();
        }
        return client.ended(how);
    }

    private static List<String> events(String stream) {
        return stream.isEmpty() ? List.of() : List.of(stream.strip().split("\n\n", -1));
    }

    private static long number(String event) {
        int from = event.indexOf("\"sequence_number\":") + 18;
        return Long.parseLong(event.substring(from, event.indexOf(',', from)));
    }

    /** Without the deltas of the text, which may be folded, and with their text. */
    private static List<String> unfolded(List<String> events) {
        List<String> rest = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (String event : events) {
            int delta = event.indexOf("\"delta\":\"");
            if (event.startsWith("event: response.output_text.delta")) {
                text.append(event, delta + 9, event.indexOf("\",\"logprobs\""));
            } else {
                rest.add(text + "|" + event);
                text.setLength(0);
            }
        }
        return rest;
    }

    @Test
    void textAndCallsAreTheFile() {
        assertThat(whole(List.of("\"Once\"", FIRST, MORE, "\" upon\"", REST, TWO), DONE))
                .isEqualTo(file("stream-with-calls.txt"));
    }

    @Test
    void callsAloneAreTheFile() {
        assertThat(whole(List.of(FIRST, MORE, REST), DONE)).isEqualTo(file("stream-of-calls.txt"));
    }

    @Test
    void callBeforeTheTextIsTheFile() {
        assertThat(whole(List.of(FIRST, "\"Once\"", MORE, REST), FAILED))
                .isEqualTo(file("stream-failed-with-calls.txt"));
    }

    @Test
    void objectHasTheItemsInTheOrderOfTheirStarts() throws Exception {
        SharedText text = new SharedText(true);
        List.of(FIRST, MORE, "\"Once\"", REST, TWO).forEach(step -> append(text, step));
        Transcript transcript = new Transcript();
        transcript.show(text);

        JsonNode output = JSON.readTree(response()
                        .json(ResponseStatus.of(DONE.result()), ResponseOutput.of("gen_1", transcript, text.parts()))
                        .toString())
                .get("output");

        assertThat(output.findValuesAsText("id")).containsExactly("fc_1_0", "msg_1", "fc_1_1", "fc_1_2");
        assertThat(output.findValuesAsText("call_id")).containsExactly("call_a", "call_b", "call_1_2");
        assertThat(output.findValuesAsText("arguments")).containsExactly("{\"a\":\ud83d\ude00}", "{}", "{\"x\":\"y\"}");
    }

    @Test
    void outputIsATurnWithItsCalls() {
        SharedText text = new SharedText(true);

        assertThat(ResponseOutput.turn("gen_1", text)).isEmpty();
        List.of("\"Once\"", TWO).forEach(step -> append(text, step));

        assertThat(ResponseOutput.turn("gen_1", text))
                .contains(new KeptTurn(
                        new Turn(Turn.Role.ASSISTANT, "Once"),
                        "\"tool_calls\":[{\"id\":\"call_b\",\"type\":\"function\",\"function\":"
                                + "{\"name\":\"g\",\"arguments\":\"{}\"}},{\"id\":\"call_1_1\",\"type\":\"function\","
                                + "\"function\":{\"name\":\"h\",\"arguments\":\"{\\\"x\\\":\\\"y\\\"}\"}}]"));
    }

    @Property(tries = 300)
    void numbersHaveNoGapAndAStreamContinuesAfterEachOfThem(
            @ForAll @Size(max = 8) List<@IntRange(min = 0, max = 7) Integer> order, @ForAll boolean isFailure) {
        List<String> steps = order.stream().map(STEPS::get).toList();
        Future<Finished> how = isFailure ? FAILED : DONE;
        List<String> whole = events(whole(steps, how));
        SharedText text = new SharedText(true);
        steps.forEach(step -> append(text, step));

        for (int place = 0; place < whole.size(); place++) {
            assertThat(number(whole.get(place))).as(whole.get(place)).isEqualTo(place);
            long position = EventNumbers.position(text, Optional.of(how), place).orElseThrow();

            List<String> rest = events(new Client(text, place, position).read().ended(how));

            assertThat(unfolded(rest)).isEqualTo(unfolded(whole.subList(place + 1, whole.size())));
        }
        assertThat(EventNumbers.position(text, Optional.of(how), whole.size())).isEmpty();
    }

    @Property(tries = 300)
    void streamThatContinuesBeforeTheEndHasTheSameEvents(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0, max = 7) Integer> order,
            @ForAll @IntRange(max = 8) int left) {
        List<String> steps = order.stream().map(STEPS::get).toList();
        int before = Math.min(left, steps.size());
        List<String> whole = events(whole(steps, DONE));
        SharedText text = new SharedText(true);
        Client first = new Client(text, ResponseEvents.NONE, 0);
        for (String step : steps.subList(0, before)) {
            append(text, step);
            first.read();
        }
        int received = events(first.stream.toString()).size();
        long position =
                EventNumbers.position(text, Optional.empty(), received - 1).orElseThrow();
        assertThat(EventNumbers.position(text, Optional.empty(), received)).isEmpty();

        Client second = new Client(text, received - 1, position);
        for (String step : steps.subList(before, steps.size())) {
            append(text, step);
            second.read();
        }

        assertThat(events(second.read().ended(DONE))).isEqualTo(whole.subList(received, whole.size()));
    }
}
