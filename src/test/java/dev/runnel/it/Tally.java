package dev.runnel.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.sse.StreamRules;
import dev.runnel.sse.Streamed;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What clients have counted of the answers that they got. Any thread. */
final class Tally {

    private static final Set<String> TOO_LATE = Set.of("timeout_error", "overloaded_error");

    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final Map<String, Integer> refusals = new TreeMap<>();
    private final Map<String, Integer> tokens = new TreeMap<>();
    private final Map<String, Integer> closed = new TreeMap<>();
    private int begun;

    /** Counts a stream or a refusal that was read to its end. */
    synchronized Streamed count(Answer answer, String prompt) {
        Streamed streamed = StreamRules.check(answer.bytes());
        if (answer.status() != 200) {
            refused(streamed.error().orElseThrow());
        } else if (streamed.finished().isPresent()) {
            closed("finished");
            ended(
                    streamed.finishReason(),
                    streamed.usage().get("promptTokens").asInt(),
                    streamed.usage().get("completionTokens").asInt());
        } else {
            closed("failed");
            failed(streamed, prompt);
        }
        return streamed;
    }

    /** A failed stream does not say what it used: where it began, the prompt and what came. */
    private void failed(Streamed streamed, String prompt) {
        int deltas = streamed.deltas().size();
        String outcome = outcome(streamed.error().orElseThrow().get("type").asText());
        ended(outcome, deltas == 0 ? 0 : words(prompt), deltas);
    }

    private static String outcome(String errorType) {
        if (TOO_LATE.contains(errorType)) {
            return "timed_out";
        }
        return errorType.equals("invalid_request_error") ? "refused" : "failed";
    }

    private static int words(String prompt) {
        return prompt.split("\\s+").length;
    }

    private void refused(JsonNode error) {
        String code = error.has("code") ? error.get("code").asText() : "";
        refusals.merge((error.get("type").asText() + " " + code).strip(), 1, Integer::sum);
    }

    synchronized void ended(String outcome, int promptTokens, int completionTokens) {
        begun += completionTokens > 0 ? 1 : 0;
        outcomes.merge(outcome, 1, Integer::sum);
        tokens.merge("prompt", promptTokens, Integer::sum);
        tokens.merge("completion", completionTokens, Integer::sum);
    }

    synchronized void closed(String cause) {
        closed.merge(cause, 1, Integer::sum);
    }

    synchronized Map<String, Integer> outcomes() {
        return Map.copyOf(outcomes);
    }

    /** Generations of which at least one token came. */
    synchronized int begun() {
        return begun;
    }

    /** By type and code. */
    synchronized Map<String, Integer> refusals() {
        return Map.copyOf(refusals);
    }

    synchronized Map<String, Integer> tokens() {
        return Map.copyOf(tokens);
    }

    /** Streams by what ended them. */
    synchronized Map<String, Integer> closed() {
        return Map.copyOf(closed);
    }
}
