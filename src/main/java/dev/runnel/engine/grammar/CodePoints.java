package dev.runnel.engine.grammar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of code points, without surrogates: JSON in UTF-8 has none.
 *
 * @param ranges sorted, not adjacent
 */
record CodePoints(List<Range> ranges) {

    static final int LAST = Character.MAX_CODE_POINT;

    /** Every code point. */
    static final CodePoints ALL = of(new Range(0, LAST));

    private static final int BEFORE_SURROGATES = 0xD7FF;
    private static final int AFTER_SURROGATES = 0xE000;

    /** Both ends included. */
    record Range(int first, int last) {}

    static CodePoints of(Range... ranges) {
        return of(List.of(ranges));
    }

    static CodePoints of(int codePoint) {
        return of(new Range(codePoint, codePoint));
    }

    static CodePoints of(List<Range> ranges) {
        List<Range> parts = new ArrayList<>();
        for (Range range : ranges) {
            add(parts, range.first(), Math.min(range.last(), BEFORE_SURROGATES));
            add(parts, Math.max(range.first(), AFTER_SURROGATES), range.last());
        }
        parts.sort(Comparator.comparingInt(Range::first));
        List<Range> merged = new ArrayList<>();
        for (Range part : parts) {
            Range last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && part.first() <= last.last() + 1) {
                merged.set(merged.size() - 1, new Range(last.first(), Math.max(last.last(), part.last())));
            } else {
                merged.add(part);
            }
        }
        return new CodePoints(List.copyOf(merged));
    }

    private static void add(List<Range> parts, int first, int last) {
        if (first <= last) {
            parts.add(new Range(first, last));
        }
    }

    CodePoints plus(CodePoints other) {
        List<Range> both = new ArrayList<>(ranges);
        both.addAll(other.ranges);
        return of(both);
    }

    CodePoints complement() {
        List<Range> rest = new ArrayList<>();
        int next = 0;
        for (Range range : ranges) {
            add(rest, next, range.first() - 1);
            next = range.last() + 1;
        }
        add(rest, next, LAST);
        return of(rest);
    }

    CodePoints minus(CodePoints other) {
        return complement().plus(other).complement();
    }

    boolean contains(int codePoint) {
        return ranges.stream().anyMatch(range -> range.first() <= codePoint && codePoint <= range.last());
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }
}
