package dev.runnel.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the values of labels mean, for the page of the metrics. Each value has one line; no line is without a value. */
final class LabelMeanings {

    /** A line with a metric and its label; below it, indented, a line for each value. */
    private static final String TEXT = """
        runnel_connections_limited_total limit
          address: more than `http.connectionsPerAddress` from one address
          management: more than 32 to the management port
          total: more than `http.connections`
          without_key: more than `http.connectionsWithoutKey` that have not sent a valid key
        runnel_generations_refused_total reason
          abandoned: not used for refusals
          cancelled: the client left while its prompt waited to be tokenized
          cluster: not used for refusals of generators
          context_exceeded: the prompt does not fit the model's context
          displaced: another key's request got the place of the prompt in the queue of prompts
          draining: the service stops
          engine_failed: the engine could not prepare the prompt
          first_token_timeout: not used for refusals
          full: no place to run or to wait, in all or for this key
          invalid_request: the prompt or `maxTokens` does not suit the model
          lost: a message on the bus could not be read
          model_unavailable: the model does not work
          next_token_timeout: not used for refusals
          queue_timeout: the prompt waited too long to be tokenized
          unknown: not used by this version
          unknown_model: no model has this name
          upstream_failed: not used for refusals
          upstream_overloaded: no upstream server gets requests now
        runnel_generations_total outcome
          cancelled: the client left or cancelled, its key was revoked, or no reader came within `resume.grace`
          content_filter: the upstream server held the rest back, or a guard ended it
          failed: the engine, the upstream server or the service failed, or the service stopped
          length: `maxTokens` or `generation.maxTextBytes` was reached
          refused: the upstream server refused the request; the fault is the caller's
          stop: the model ended the text, or a stop sequence was reached
          timed_out: the queue, the first token, the next token or the whole generation took too long
          unknown: not used by this version
        runnel_limit_decisions_total limit
          concurrency: `concurrentGenerations` of the plan
          crowded: more than 100,000 keys are in use at once; the key did not cause it
          exceeds_plan: the request needs more tokens than the plan allows in a minute
          none: no limit refused the request
          requests: `requestsPerMinute` of the plan
          tokens: `tokensPerMinute` of the plan
          undecided: the cluster did not answer in time, and this node may not decide alone
        runnel_memory_held_bytes kind
          bodies: bodies while they arrive, and prompts until their generation has ended
          events: events that the socket of their client has not accepted
          texts: text that is not sent yet, and the text of streams with `includeText`
          upstream: events of more than 16 KiB of upstream servers while they arrive
        runnel_memory_refused_total bound
          connection: one connection's requests would hold too much
          key: one key's requests would hold more than a third of what is free
          model: the events of one model's servers would hold more than a third of what is free
          total: all requests together would hold more than `memory.heldBytes`
        runnel_resume_forgotten_total reason
          bound: it was the oldest one without a reader, over `resume.maxBytes` or `resume.maxGenerations`
          closed: the service stops
          deleted: its caller deleted it
          retention: it was kept for `resume.retention`
        runnel_resume_refused_total reason
          diverged: a cursor came with a key that is not known
          full: as many generations are kept as may be, and each of them runs or has a reader
          in_progress: an earlier request with the key was not answered in time, or too many wait for its answer
          mismatch: the key stands for another request
          readers: the generation has as many readers as it may have
        runnel_stream_closed_total cause
          client_gone: the client closed the connection
          failed: the stream ended with an error event, or an event could not be written
          finished: the stream ended with a finish reason
          memory: an event that the client had not accepted did not fit into `memory.heldBytes`
          stalled: the client read nothing for `http.stall`
        runnel_trace_spans_total outcome
          dropped: as many spans waited as may wait
          failed: the receiver of `tracing.endpoint` did not answer in time, or refused them
          sent: the receiver has accepted them
        runnel_upstream_requests_total outcome
          cancelled: the client left, or a deadline under `generation` passed
          completed: the text was complete
          denied: it refused this service (401, 402, 403, 408, or a field that the service adds) or the model (404)
          failed: another status, an answer that was not understood, an error event, or an early end
          overloaded: it is over a limit of its own: 429 or 503
          refused: it refused what the caller asked for: 400, 413 or 422
          silent: `deadlines.firstByte` or `deadlines.idle` passed
          unreachable: there was no connection, or it broke before the answer
        """;

    /** The meaning of each value, by metric and label, in the order of the text. */
    private static final Map<String, Map<String, String>> MEANINGS = read();

    private LabelMeanings() {}

    private static Map<String, Map<String, String>> read() {
        Map<String, Map<String, String>> all = new TreeMap<>();
        List<String> place = new ArrayList<>(List.of(""));
        TEXT.lines().forEach(line -> {
            if (line.startsWith(" ")) {
                String[] parts = line.strip().split(": ", 2);
                all.computeIfAbsent(place.get(0), first -> new TreeMap<>()).put(parts[0], parts[1]);
            } else {
                place.set(0, line);
            }
        });
        return all;
    }

    /**
     * A list with a line for each value; empty if the meanings of this label are not listed.
     *
     * @throws IllegalStateException if a value has no meaning here, or a meaning has no value
     */
    static String of(String metric, String label, Set<String> values) {
        Map<String, String> meanings = MEANINGS.getOrDefault(metric + " " + label, Map.of());
        if (meanings.isEmpty()) {
            return "";
        }
        if (!new TreeSet<>(values).equals(meanings.keySet())) {
            throw new IllegalStateException(
                    metric + " " + label + ": " + values + " (expected: " + meanings.keySet() + ")");
        }
        var list = new StringBuilder("\n`" + label + "` of `" + metric + "`:\n\n");
        meanings.forEach((value, meaning) ->
                list.append("- `").append(value).append("`: ").append(meaning).append('\n'));
        return list.toString();
    }
}
