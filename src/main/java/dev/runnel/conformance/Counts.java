package dev.runnel.conformance;

import dev.runnel.conformance.session.Result;
import dev.runnel.conformance.session.Verdict;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How many cases had each verdict. */
record Counts(Map<Verdict, Integer> byVerdict) {

    static Counts of(List<Result> results) {
        Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            counts.put(verdict, (int) results.stream()
                    .filter(result -> result.verdict() == verdict)
                    .count());
        }
        return new Counts(counts);
    }

    int of(Verdict verdict) {
        return byVerdict.getOrDefault(verdict, 0);
    }

    @Override
    public String toString() {
        return byVerdict.entrySet().stream()
                .map(count -> count.getKey().word() + " " + count.getValue())
                .collect(Collectors.joining(", "));
    }
}
