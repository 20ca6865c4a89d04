package dev.runnel.shape;

import java.nio.file.Path;

/** A place that breaks a rule. */
record Violation(Rule rule, Path path, int line, String what) {

    enum Rule {
        COLUMNS,
        FILE,
        METHOD,
        PARAMETERS,
        WORDS,
        SENTENCES;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        return "%s:%d: %s: %s".formatted(path, line, rule.word(), what);
    }
}
