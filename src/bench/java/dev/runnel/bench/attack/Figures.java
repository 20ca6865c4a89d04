package dev.runnel.bench.attack;

import java.util.Locale;
import java.util.Map;

/**
 * What clients that do not attack got.
 *
 * @param asked how many requests they sent
 * @param failed requests without a complete answer, by what was wrong
 * @param first what the next two are: "first token" or "answer"
 * @param firstP50 in milliseconds
 * @param firstP99 in milliseconds
 * @param ageP99 of events, from when they were due until they were read, in milliseconds; NaN without streams
 */
record Figures(int asked, Map<String, Integer> failed, String first, double firstP50, double firstP99, double ageP99) {

    int served() {
        return asked - failed.values().stream().mapToInt(count -> count).sum();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s p50 %.1f p99 %.1f ms%s, served %d of %d%s",
                first,
                firstP50,
                firstP99,
                Double.isNaN(ageP99) ? "" : String.format(Locale.ROOT, ", age p99 %.1f ms", ageP99),
                served(),
                asked,
                failed.isEmpty() ? "" : " " + failed);
    }
}
