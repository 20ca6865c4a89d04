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
import java.util.TreeMap;

/**
 * The deterministic automaton of a regular expression, without states from which no text ends.
 *
 * @param states the first is the start
 */
record Automaton(List<State> states) {

    /** The most states, each of which becomes a rule. */
    private static final int MAX_STATES = 1000;

    /** @param accepting whether a text may end here */
    record State(boolean accepting, List<Edge> edges) {}

    /** Reads one code point; no two edges of a state read the same one. */
    record Edge(CodePoints of, int target) {}

    /** @throws RegexParser.Unsupported if it is too large, or no text matches */
    static Automaton of(Regex regex) {
        return of(regex, 0, Regex.UNBOUNDED, new Work());
    }

    /**
     * The texts of an expression that have a length.
     *
     * @param least in code points
     * @param most or {@link Regex#UNBOUNDED}
     * @param work what the automata of the same schema have needed
     */
    static Automaton of(Regex regex, int least, int most, Work work) {
        return new Builder(new Nfa(regex), least, most, work).build();
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
        private final Work work;

        private record Key(BitSet states, int length) {}

        Builder(Nfa nfa, int least, int most, Work work) {
            this.nfa = nfa;
            this.least = least;
            this.most = most;
            this.work = work;
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
            if (numbers.size() == MAX_STATES) {
                throw new RegexParser.Unsupported("it needs more than " + MAX_STATES + " states");
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
            int length = nextLength(key.length());
            List<Edge> edges = new ArrayList<>();
            for (Map.Entry<BitSet, List<Range>> target : targets(reading).entrySet()) {
                BitSet closure = nfa.closure(target.getKey());
                work.add(closure.cardinality());
                edges.add(new Edge(CodePoints.of(target.getValue()), number(new Key(closure, length))));
            }
            return edges;
        }

        /** By the states that are reached together: the code points that lead there. */
        private Map<BitSet, List<Range>> targets(List<Nfa.Edge> reading) {
            TreeMap<Integer, BitSet> changes = new TreeMap<>();
            for (int i = 0; i < reading.size(); i++) {
                for (Range range : reading.get(i).of().ranges()) {
                    changes.computeIfAbsent(range.first(), c -> new BitSet()).flip(i);
                    changes.computeIfAbsent(range.last() + 1, c -> new BitSet()).flip(i);
                }
            }
            Map<BitSet, List<Range>> targets = new LinkedHashMap<>();
            BitSet reads = new BitSet();
            int from = 0;
            for (Map.Entry<Integer, BitSet> change : changes.entrySet()) {
                if (!reads.isEmpty()) {
                    targets.computeIfAbsent(reached(reading, reads), t -> new ArrayList<>())
                            .add(new Range(from, change.getKey() - 1));
                }
                reads.xor(change.getValue());
                from = change.getKey();
            }
            return targets;
        }

        private BitSet reached(List<Nfa.Edge> reading, BitSet reads) {
            work.add(reads.size() / Long.SIZE + reads.cardinality());
            BitSet reached = new BitSet();
            reads.stream().forEach(edge -> reached.set(reading.get(edge).target()));
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
