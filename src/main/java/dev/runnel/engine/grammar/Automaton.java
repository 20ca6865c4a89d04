package dev.runnel.engine.grammar;

import dev.runnel.engine.grammar.CodePoints.Range;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The deterministic automaton of a regular expression, without states from which no text ends.
 *
 * @param states the first is the start
 */
record Automaton(List<State> states) {

    /** The most states, each of which becomes a rule. */
    private static final int MOST_STATES = 1000;
    /** Bounds the time: about 50 ms. */
    private static final int MOST_WORK = 4_000_000;

    /** @param accepting whether a text may end here */
    record State(boolean accepting, List<Edge> edges) {}

    /** Reads one code point; no two edges of a state read the same one. */
    record Edge(CodePoints of, int target) {}

    /** @throws RegexParser.Unsupported if it is too large, or no text matches */
    static Automaton of(Regex regex) {
        return of(regex, 0, Regex.UNBOUNDED);
    }

    /**
     * The texts of an expression that have a length.
     *
     * @param least in code points
     * @param most or {@link Regex#UNBOUNDED}
     */
    static Automaton of(Regex regex, int least, int most) {
        return new Builder(new Nfa(regex), least, most).build();
    }

    /** The largest number of edges of one state. */
    int width() {
        return states.stream().mapToInt(state -> state.edges().size()).max().orElse(0);
    }

    /** By the powerset construction; a key also has the number of code points read, where lengths are bound. */
    private static final class Builder {

        private final Nfa nfa;
        private final int least;
        private final int most;
        private final Map<Key, Integer> numbers = new HashMap<>();
        private final Deque<Key> open = new ArrayDeque<>();
        private final List<State> states = new ArrayList<>();
        private int work;

        private record Key(BitSet states, int length) {}

        Builder(Nfa nfa, int least, int most) {
            this.nfa = nfa;
            this.least = least;
            this.most = most;
        }

        Automaton build() {
            BitSet first = new BitSet();
            first.set(nfa.start());
            number(new Key(nfa.closure(first), 0));
            while (!open.isEmpty()) {
                Key key = open.remove();
                boolean accepting = key.states().get(Nfa.ACCEPTING) && key.length() >= least;
                states.add(new State(accepting, key.length() == most ? List.of() : edges(key)));
            }
            return trimmed();
        }

        private int number(Key key) {
            Integer known = numbers.get(key);
            if (known != null) {
                return known;
            }
            if (numbers.size() == MOST_STATES) {
                throw new RegexParser.Unsupported("it needs more than " + MOST_STATES + " states");
            }
            open.add(key);
            numbers.put(key, numbers.size());
            return numbers.size() - 1;
        }

        private List<Edge> edges(Key key) {
            List<Nfa.Edge> reading = key.states().stream()
                    .mapToObj(nfa::edge)
                    .filter(edge -> !edge.of().isEmpty())
                    .toList();
            TreeSet<Integer> starts = new TreeSet<>();
            for (Nfa.Edge edge : reading) {
                for (Range range : edge.of().ranges()) {
                    starts.add(range.first());
                    starts.add(range.last() + 1);
                }
            }
            Map<BitSet, List<Range>> targets = new LinkedHashMap<>();
            for (Integer start : starts) {
                Integer next = starts.higher(start);
                if (next != null) {
                    BitSet reached = reached(reading, start);
                    targets.computeIfAbsent(reached, t -> new ArrayList<>()).add(new Range(start, next - 1));
                }
            }
            targets.remove(new BitSet());
            int length = nextLength(key.length());
            List<Edge> edges = new ArrayList<>();
            targets.forEach((target, ranges) ->
                    edges.add(new Edge(CodePoints.of(ranges), number(new Key(nfa.closure(target), length)))));
            return edges;
        }

        private BitSet reached(List<Nfa.Edge> reading, int codePoint) {
            BitSet reached = new BitSet();
            for (Nfa.Edge edge : reading) {
                work += edge.of().ranges().size();
                if (edge.of().contains(codePoint)) {
                    reached.set(edge.target());
                }
            }
            if (work > MOST_WORK) {
                throw new RegexParser.Unsupported("it is too complex");
            }
            return reached;
        }

        /** Counted only as far as it matters. */
        private int nextLength(int length) {
            return most == Regex.UNBOUNDED ? Math.min(length + 1, least) : length + 1;
        }

        private Automaton trimmed() {
            BitSet ending = ending();
            if (!ending.get(0)) {
                throw new RegexParser.Unsupported("no text matches");
            }
            int[] places = new int[states.size()];
            for (int state = 0, place = 0; state < places.length; state++) {
                places[state] = ending.get(state) ? place++ : -1;
            }
            List<State> kept = new ArrayList<>();
            for (int state = 0; state < places.length; state++) {
                if (ending.get(state)) {
                    List<Edge> edges = states.get(state).edges().stream()
                            .filter(edge -> ending.get(edge.target()))
                            .map(edge -> new Edge(edge.of(), places[edge.target()]))
                            .toList();
                    kept.add(new State(states.get(state).accepting(), edges));
                }
            }
            return new Automaton(List.copyOf(kept));
        }

        /** The states from which an accepting one is reached. */
        private BitSet ending() {
            List<List<Integer>> sources = new ArrayList<>();
            states.forEach(state -> sources.add(new ArrayList<>()));
            Deque<Integer> found = new ArrayDeque<>();
            for (int state = 0; state < states.size(); state++) {
                for (Edge edge : states.get(state).edges()) {
                    sources.get(edge.target()).add(state);
                }
                if (states.get(state).accepting()) {
                    found.add(state);
                }
            }
            BitSet ending = new BitSet();
            while (!found.isEmpty()) {
                int state = found.remove();
                if (!ending.get(state)) {
                    ending.set(state);
                    found.addAll(sources.get(state));
                }
            }
            return ending;
        }
    }
}
