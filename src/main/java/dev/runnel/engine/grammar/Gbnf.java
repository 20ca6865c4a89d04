package dev.runnel.engine.grammar;

/** The terminals of llama.cpp's grammars. Everything but letters and digits is escaped, so nothing has a meaning. */
final class Gbnf {

    private Gbnf() {}

    static String literal(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> append(out, c));
        return out.append('"').toString();
    }

    static String charClass(CodePoints set) {
        StringBuilder out = new StringBuilder("[");
        for (CodePoints.Range range : set.ranges()) {
            append(out, range.first());
            if (range.last() > range.first()) {
                append(out.append('-'), range.last());
            }
        }
        return out.append(']').toString();
    }

    static String charClass(String members) {
        StringBuilder out = new StringBuilder("[");
        members.codePoints().forEach(c -> append(out, c));
        return out.append(']').toString();
    }

    private static void append(StringBuilder out, int c) {
        if (c < 0x80 && Character.isLetterOrDigit(c)) {
            out.append((char) c);
        } else if (c <= 0xFF) {
            out.append(String.format("\\x%02X", c));
        } else if (c <= 0xFFFF) {
            out.append(String.format("\\u%04X", c));
        } else {
            out.append(String.format("\\U%08X", c));
        }
    }
}
