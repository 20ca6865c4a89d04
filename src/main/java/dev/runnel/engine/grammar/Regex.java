package dev.runnel.engine.grammar;

import java.util.List;

/** A regular expression. */
sealed interface Regex {

    int UNBOUNDED = -1;

    /** One code point. */
    record One(CodePoints of) implements Regex {}

    /** One after the other. */
    record Sequence(List<Regex> parts) implements Regex {}

    /** One of these. */
    record Either(List<Regex> options) implements Regex {}

    /**
     * A repetition.
     *
     * @param most or {@link #UNBOUNDED}
     */
    record Repeat(Regex part, int least, int most) implements Regex {}
}
