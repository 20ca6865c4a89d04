package dev.runnel.simulation;

import dev.runnel.text.TextSoFar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the engines have produced: the texts by the number of the request that asked for them. The rules ask for it each
 * time the clock moves, so it is read without streams.
 */
final class Reference {

    private final Map<Integer, List<Run>> runs = new HashMap<>();

    /** One run of an engine. A request has several where its message was repeated on the bus. */
    static final class Run {

        private final String node;
        private final long startedNanos;
        private final StringBuilder text = new StringBuilder();
        /** The length of the text after each token of this run. */
        private final List<Integer> lengths = new ArrayList<>();

        private final TextSoFar before;
        private int tokens;
        private boolean completed;
        private boolean ended;
        private long endedNanos;
        private boolean cancelled;

        private Run(String node, long startedNanos, TextSoFar before) {
            this.node = node;
            this.startedNanos = startedNanos;
            this.before = before;
            this.text.append(before.text());
            this.tokens = before.tokens();
        }

        void produced(String piece) {
            text.append(piece);
            tokens++;
            lengths.add(text.length());
        }

        /** Whether it had so many tokens when its text was so long. */
        private boolean hadTokens(int count, int length) {
            int own = count - before.tokens();
            int lengthThen = own > 0 && own <= lengths.size()
                    ? lengths.get(own - 1)
                    : before.text().length();
            return own >= 0 && own <= lengths.size() && lengthThen == length;
        }

        void cancelled() {
            cancelled = true;
        }

        void ended(boolean isCompleted, long nowNanos) {
            ended = true;
            completed = isCompleted;
            endedNanos = nowNanos;
        }

        int tokens() {
            return tokens;
        }

        boolean hasEnded() {
            return ended;
        }

        private boolean goesOn() {
            return !ended && !cancelled;
        }

        private boolean goesOnOrCompletedAfter(long afterNanos) {
            return ended ? completed && endedNanos > afterNanos : !cancelled;
        }

        boolean isCancelled() {
            return cancelled;
        }
    }

    /** A request whose text is known before: it is of the scripted engine. */
    void known(int number, String text) {
        Run run = started(number, 0);
        run.text.append(text);
        run.ended(true, 0);
    }

    Run started(int number, long nowNanos) {
        return started("", number, nowNanos, TextSoFar.NONE);
    }

    /** A run on one of several nodes, which may go on after a text. */
    Run started(String node, int number, long nowNanos, TextSoFar before) {
        Run run = new Run(node, nowNanos, before);
        runs.computeIfAbsent(number, first -> new ArrayList<>()).add(run);
        return run;
    }

    private List<Run> of(int number) {
        return runs.getOrDefault(number, List.of());
    }

    /** Whether an engine has produced this text, and perhaps more. */
    boolean isProduced(int number, CharSequence text) {
        if (text.isEmpty()) {
            return true;
        }
        String start = text.toString();
        for (Run run : of(number)) {
            if (startsWith(run.text, start)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an engine had produced this text, and no more, after so many tokens. */
    boolean isProduced(int number, TextSoFar text) {
        boolean isStart = text.text().isEmpty() && text.tokens() == 0;
        return isStart
                || of(number).stream()
                        .anyMatch(
                                run -> run.hadTokens(text.tokens(), text.text().length())
                                        && startsWith(run.text, text.text()));
    }

    /** Whether a run has so many tokens, with those of the runs before it. */
    boolean isCounted(int number, int tokens) {
        return of(number).stream().anyMatch(run -> run.tokens == tokens);
    }

    /** Whether a run has completed with exactly this text. */
    boolean isComplete(int number, CharSequence text) {
        return of(number).stream().anyMatch(run -> run.completed && CharSequence.compare(run.text, text) == 0);
    }

    /** Whether a run goes on that has started before that time and was not cancelled. */
    boolean runs(int number, long beforeNanos) {
        for (Run run : of(number)) {
            if (run.startedNanos < beforeNanos && run.goesOn()) {
                return true;
            }
        }
        return false;
    }

    /** How many runs there were. */
    int started(int number) {
        return of(number).size();
    }

    /** How many runs go on that were not cancelled. */
    long running(int number) {
        long count = 0;
        for (Run run : of(number)) {
            count += run.goesOn() ? 1 : 0;
        }
        return count;
    }

    /** Whether there was one run only, which goes on or has completed after that time. */
    boolean isRecent(int number, long afterNanos) {
        return of(number).size() == 1 && of(number).stream().allMatch(run -> run.goesOnOrCompletedAfter(afterNanos));
    }

    /** How many characters all runs of a request have produced. */
    int characters(int number) {
        int characters = 0;
        for (Run run : of(number)) {
            characters += run.text.length();
        }
        return characters;
    }

    /** How many runs go on or stop, on one node. */
    long unended(String node) {
        long count = 0;
        for (List<Run> of : runs.values()) {
            for (Run run : of) {
                count += run.ended || !run.node.equals(node) ? 0 : 1;
            }
        }
        return count;
    }

    /** How many runs their engines have not ended. */
    long unended() {
        long count = 0;
        for (List<Run> of : runs.values()) {
            for (Run run : of) {
                count += run.ended ? 0 : 1;
            }
        }
        return count;
    }

    private static boolean startsWith(StringBuilder whole, String start) {
        return whole.length() >= start.length()
                && whole.substring(0, start.length()).equals(start);
    }
}
