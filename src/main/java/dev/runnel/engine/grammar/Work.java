package dev.runnel.engine.grammar;

/** Bounds the time for the automata of a schema: all of them share one bound. */
final class Work {

    /** About 0.1 s. */
    private static final int MAX_STEPS = 8_000_000;

    private int steps;

    /** @throws RegexParser.Unsupported over the bound */
    void add(int more) {
        steps += more;
        if (steps > MAX_STEPS) {
            throw new RegexParser.Unsupported("the patterns of the schema are too complex");
        }
    }
}
