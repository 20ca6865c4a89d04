package dev.runnel.engine.grammar;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The nondeterministic automaton of a regular expression, by Thompson's construction. State 0 is the accepting one. */
final class Nfa {

    static final int ACCEPTING = 0;

    private static final int MAX_STATES = 4000;
    private static final int[] NOWHERE = {};
    private static final Edge NONE = new Edge(CodePoints.of(), ACCEPTING);

    /** By state: at most one edge that reads, and the states that are reached without reading. */
    private final List<Edge> edges = new ArrayList<>();

    private final List<int[]> silent = new ArrayList<>();
    private final int start;

    /** Reads one code point. */
    record Edge(CodePoints of, int target) {}

    /** @throws RegexParser.Unsupported if it is too large */
    Nfa(Regex regex) {
        state(NONE);
        start = add(regex, ACCEPTING);
    }

    int start() {
        return start;
    }

    Edge edge(int state) {
        return edges.get(state);
    }

    private int state(Edge edge, int... reached) {
        if (edges.size() == MAX_STATES) {
            throw new RegexParser.Unsupported("more than " + MAX_STATES + " characters, repetitions multiplied");
        }
        edges.add(edge);
        silent.add(reached);
        return edges.size() - 1;
    }

    /** The first state of an expression after which {@code next} is reached. */
    private int add(Regex regex, int next) {
        if (regex instanceof Regex.One one) {
            return state(new Edge(one.of(), next), NOWHERE);
        } else if (regex instanceof Regex.Sequence sequence) {
            int first = next;
            for (int i = sequence.parts().size() - 1; i >= 0; i--) {
                first = add(sequence.parts().get(i), first);
            }
            return first;
        } else if (regex instanceof Regex.Either either) {
            int[] firsts = either.options().stream()
                    .mapToInt(option -> add(option, next))
                    .toArray();
            return state(NONE, firsts);
        }
        return repeat((Regex.Repeat) regex, next);
    }

    private int repeat(Regex.Repeat repeat, int next) {
        int rest = next;
        if (repeat.most() == Regex.UNBOUNDED) {
            rest = state(NONE, NOWHERE);
            silent.set(rest, new int[] {add(repeat.part(), rest), next});
        } else {
            for (int i = repeat.least(); i < repeat.most(); i++) {
                rest = state(NONE, add(repeat.part(), rest), next);
            }
        }
        for (int i = 0; i < repeat.least(); i++) {
            int before = add(repeat.part(), rest);
            if (before == rest) {
                // The part is empty. It adds no state, so nothing would bound the time.
                break;
            }
            rest = before;
        }
        return rest;
    }

    /** The states that are reached from these without reading, themselves included. */
    BitSet closure(BitSet states) {
        BitSet reached = new BitSet();
        int[] open = states.stream().toArray();
        List<Integer> stack = new ArrayList<>();
        for (int state : open) {
            stack.add(state);
        }
        while (!stack.isEmpty()) {
            int state = stack.remove(stack.size() - 1);
            if (!reached.get(state)) {
                reached.set(state);
                for (int next : silent.get(state)) {
                    stack.add(next);
                }
            }
        }
        return reached;
    }
}
