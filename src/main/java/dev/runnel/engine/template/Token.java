package dev.runnel.engine.template;

/**
 * One token of a template.
 *
 * @param text the characters; of a {@code STRING} without its quotes and escapes
 * @param line in the template, from 1
 */
record Token(Kind kind, String text, int line) {

    /** What it is. */
    enum Kind {
        DATA,
        TAG_START,
        TAG_END,
        OUTPUT_START,
        OUTPUT_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    /** For messages. */
    String shown() {
        return switch (kind) {
            case END -> "the end of the template";
            case TAG_END -> "'%}'";
            case OUTPUT_END -> "'}}'";
            case DATA -> "text";
            case STRING -> "a string";
            default -> "'" + text + "'";
        };
    }
}
