package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Expect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** What always holds for a stream, whatever fails. */
final class StreamRules {

    static final String SUM = "text is the concatenation of every delta so far";
    static final String TERMINAL = "Exactly one terminal event: an event with finishReason, then data: [DONE];"
            + " or one error event, after which the body ends without [DONE]";
    static final String LINES = "Every line is data: …, id: …, a comment : …, or empty. Each data: payload is one line"
            + " of valid JSON in UTF-8; no code point is ever split between two deltas";
    static final String CHUNK = "An event with its blank line is one write and one HTTP/1.1 chunk";
    static final String ID = "id is the id of the generation";
    static final String FORM = "data: {\"id\":…,\"text\":…,\"delta\":…}, with finishReason and usage in the last one";
    static final String USAGE = "usage counts the engine's tokens; \"estimated\":true where it counts the deltas";
    static final String REASONS = "finishReason: stop, length, content_filter, cancelled";
    static final String CUT = "A body that ends with neither terminal event was cut by the network";

    private static final Set<String> MEMBERS = Set.of("id", "text", "delta", "finishReason", "usage");

    private StreamRules() {}

    static void textIsTheSum(Streamed stream) {
        StringBuilder sum = new StringBuilder();
        for (JsonNode event : stream.events()) {
            if (!event.has("error")) {
                Expect.that(event.path("delta").isTextual(), "a member delta, a string", event);
                sum.append(event.path("delta").asText());
                Expect.that(
                        !event.has("text") || event.path("text").asText().contentEquals(sum),
                        "text that is the sum of the deltas: " + sum,
                        event);
            }
        }
    }

    static void oneTerminalEvent(Streamed stream) {
        Expect.equal("the number of terminal events", 1L, stream.terminalEvents());
        Expect.that(
                stream.last().has("finishReason") || stream.last().has("error"),
                "a terminal event as the last one",
                stream.last());
    }

    static void doneOnce(Streamed stream) {
        boolean isError = stream.last().has("error");
        Expect.equal(
                isError ? "after an error, the number of [DONE]" : "the number of [DONE]",
                isError ? 0L : 1L,
                stream.lines().doneCount());
    }

    static void nothingFollows(Streamed stream) {
        List<String> payloads = stream.lines().payloads();
        boolean isError = stream.last().has("error");
        Expect.that(
                isError
                        || (!payloads.isEmpty()
                                && payloads.get(payloads.size() - 1).equals("[DONE]")),
                "[DONE] as the last data line",
                payloads);
        int terminal = 0;
        while (terminal < stream.events().size()
                && !stream.events().get(terminal).has("finishReason")
                && !stream.events().get(terminal).has("error")) {
            terminal++;
        }
        Expect.that(terminal >= stream.events().size() - 1, "no event after the terminal one", stream.events());
    }

    static void onlyPermittedLines(Streamed stream) {
        List<String> lines = stream.lines().lines();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean isId = line.startsWith("id: ")
                    && i + 1 < lines.size()
                    && lines.get(i + 1).startsWith("data: ");
            Expect.that(
                    line.isEmpty() || line.startsWith("data: ") || line.startsWith(":") || isId,
                    "a line data: …, id: … before it, a comment, or empty",
                    line);
        }
    }

    static void blankLineAfterEachEvent(Streamed stream) {
        List<String> lines = stream.lines().lines();
        for (int i = 0; i < lines.size(); i++) {
            boolean isData = lines.get(i).startsWith("data: ");
            Expect.that(
                    !isData || (i + 1 < lines.size() && lines.get(i + 1).isEmpty()),
                    "a blank line after each data line",
                    lines.get(i));
        }
        Expect.that(stream.lines().endsWithBlankLine(), "a blank line at the end of the body", lines);
    }

    static void isUtf8(Streamed stream) {
        Expect.that(stream.lines().isUtf8(), "lines in UTF-8", stream.lines().lines());
    }

    static void wholeCodePoints(Streamed stream) {
        for (JsonNode event : stream.events()) {
            String delta = event.path("delta").asText("");
            boolean isWhole = StandardCharsets.UTF_8.newEncoder().canEncode(delta);
            Expect.that(isWhole, "a delta of whole code points", event);
        }
    }

    /** A chunk may carry several events, where they were written at once. Each event lies within one chunk. */
    static void eventIsOneChunk(Streamed stream) {
        for (byte[] chunk : stream.answer().chunks()) {
            String text = new String(chunk, StandardCharsets.UTF_8);
            Expect.that(
                    text.startsWith(":") || text.endsWith("\n\n"),
                    "a chunk that ends with the blank line of an event",
                    text);
        }
    }

    static void idsAreEqual(Streamed stream) {
        for (JsonNode event : stream.events()) {
            if (!event.has("error")) {
                Expect.equal("id", stream.id(), event.path("id").asText());
            }
        }
    }

    static void onlyKnownMembers(Streamed stream) {
        for (JsonNode event : stream.events()) {
            event.fieldNames()
                    .forEachRemaining(name -> Expect.that(
                            MEMBERS.contains(name) || event.has("error"), "only members " + MEMBERS, event));
        }
        for (JsonNode event : stream.textEvents()) {
            Expect.that(!event.has("usage"), "usage in the last event only", event);
        }
        Expect.equal("delta of the last event", "", stream.last().path("delta").asText("missing"));
    }

    static void usageAddsUp(Streamed stream) {
        usage(stream.finished().last());
    }

    /** The usage of a finishing event or of a whole answer. */
    static void usage(JsonNode end) {
        JsonNode usage = end.path("usage");
        int prompt = usage.path("promptTokens").asInt(-1);
        int completion = usage.path("completionTokens").asInt(-1);
        Expect.that(prompt >= 0 && completion >= 0, "promptTokens and completionTokens", usage);
        Expect.equal(
                "totalTokens", prompt + completion, usage.path("totalTokens").asInt(-1));
        Expect.that(
                !usage.has("estimated") || usage.path("estimated").isBoolean(),
                "estimated, a boolean or absent",
                usage);
    }

    static void finishReasonIsKnown(Streamed stream) {
        Expect.that(
                List.of("stop", "length", "content_filter").contains(stream.finishReason()),
                "finishReason stop, length or content_filter",
                stream.last());
    }

    static void bodyIsComplete(Streamed stream) {
        Expect.that(stream.answer().isComplete(), "a body that ends as its framing says", "a cut");
        stream.finished();
    }
}
