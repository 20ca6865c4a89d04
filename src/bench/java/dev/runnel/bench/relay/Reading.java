package dev.runnel.bench.relay;

import java.util.Map;

/**
 * What a reader saw of one load.
 *
 * @param streams how many were started
 * @param tokens how many tokens came
 * @param events in how many events
 * @param bytes as they came over the wire, headers included
 * @param ages of events when they were read, by quantile ("p50" …), in microseconds
 * @param firstTokens from the connection's beginning to the first token
 * @param closings from the reader's leaving to the moment at which the upstream's connection was closed
 * @param broken how many streams did not keep what was promised, by what it was
 */
public record Reading(
        int streams,
        long tokens,
        long events,
        long bytes,
        Map<String, Long> ages,
        Map<String, Long> firstTokens,
        Map<String, Long> closings,
        Map<String, Integer> broken) {

    public long age(String quantile) {
        return ages.getOrDefault(quantile, 0L);
    }

    public long firstToken(String quantile) {
        return firstTokens.getOrDefault(quantile, 0L);
    }

    long closing(String quantile) {
        return closings.getOrDefault(quantile, 0L);
    }
}
