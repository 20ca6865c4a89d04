package dev.runnel.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Reads the schemas of strings and numbers. Equal ones share one automaton. */
final class ScalarReader {

    private static final int MAX_CHARACTERS = 2000;

    /** More would take long to round. */
    private static final int MAX_DECIMALS = 400;

    private final Work work = new Work();
    private final Map<String, Automaton> automata = new HashMap<>();

    Shape string(Keywords schema) {
        int least = schema.count("minLength", 0, MAX_CHARACTERS);
        int most = schema.count("maxLength", Shape.Items.UNBOUNDED, MAX_CHARACTERS);
        if (most != Shape.Items.UNBOUNDED && most < least) {
            throw schema.fault("maxLength", "less than minLength");
        }
        String pattern = schema.text("pattern");
        String format = schema.text("format");
        if (pattern != null && format != null) {
            throw schema.fault("format", "beside pattern (expected: one of them)");
        }
        if (pattern == null && format == null) {
            return new Shape.Text(least, most);
        }
        String keyword = pattern == null ? "format" : "pattern";
        String key = keyword + " " + least + " " + most + " " + schema.text(keyword);
        Automaton known = automata.get(key);
        if (known == null) {
            known = automaton(schema, keyword, least, most);
            automata.put(key, known);
        }
        return new Shape.Regular(known, true);
    }

    private Automaton automaton(Keywords schema, String keyword, int least, int most) {
        try {
            Regex regex = keyword.equals("format") ? format(schema) : pattern(schema);
            return Automaton.of(regex, least, most, work);
        } catch (RegexParser.Unsupported e) {
            throw schema.fault(keyword, "not supported: " + e.getMessage());
        }
    }

    private static Regex format(Keywords schema) {
        return Formats.of(String.valueOf(schema.text("format")))
                .orElseThrow(() -> schema.fault(
                        "format", "unknown (expected: one of " + String.join(", ", Formats.names()) + ")"));
    }

    private static Regex pattern(Keywords schema) {
        String text = String.valueOf(schema.text("pattern"));
        boolean isWhole = text.startsWith("^") && text.endsWith("$") && !text.endsWith("\\$");
        if (!isWhole || text.length() < 2) {
            throw schema.fault("pattern", "only a part of the text (expected: ^…$)");
        }
        Regex regex = RegexParser.parse(text.substring(1, text.length() - 1));
        if (regex instanceof Regex.Either) {
            throw schema.fault("pattern", "alternatives beside the anchors (expected: ^(…|…)$)");
        }
        return regex;
    }

    Shape number(Keywords schema) {
        for (String bound : Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")) {
            if (schema.has(bound)) {
                throw schema.fault(bound, "for type number (expected: only for type integer)");
            }
        }
        return new Shape.Regular(Numbers.ANY, false);
    }

    Shape integer(Keywords schema) {
        long first = Math.max(
                bound(schema, "minimum", RoundingMode.CEILING, 0, -Numbers.LARGEST),
                bound(schema, "exclusiveMinimum", RoundingMode.FLOOR, 1, -Numbers.LARGEST));
        long last = Math.min(
                bound(schema, "maximum", RoundingMode.FLOOR, 0, Numbers.LARGEST),
                bound(schema, "exclusiveMaximum", RoundingMode.CEILING, -1, Numbers.LARGEST));
        if (first > last) {
            throw new SchemaException(schema.path(), "no integer is between minimum and maximum");
        }
        if (first == -Numbers.LARGEST && last == Numbers.LARGEST) {
            return new Shape.Regular(Numbers.INTEGERS, false);
        }
        String key = "integer " + first + " " + last;
        return new Shape.Regular(automata.computeIfAbsent(key, k -> Numbers.integers(first, last)), false);
    }

    /** @param step from the rounded value, 0 if it may be met itself */
    private static long bound(Keywords schema, String keyword, RoundingMode rounding, int step, long missing) {
        JsonNode value = schema.get(keyword);
        if (value == null) {
            return missing;
        }
        if (!value.isNumber() || value.decimalValue().scale() > MAX_DECIMALS) {
            throw schema.fault(keyword, "not a number (expected: one with at most " + MAX_DECIMALS + " decimals)");
        }
        BigDecimal bound = value.decimalValue();
        if (bound.abs().compareTo(BigDecimal.valueOf(Numbers.LARGEST)) > 0) {
            // Beyond all integers that are generated: without effect, or without any left.
            boolean isOutside = bound.signum() < 0 == missing < 0;
            return isOutside ? missing : -missing + (missing < 0 ? 1 : -1);
        }
        return bound.setScale(0, rounding).longValueExact() + step;
    }

    /** Whether a value is of one of the types. */
    static boolean isOf(JsonNode value, Set<String> types) {
        return switch (value.getNodeType()) {
            case OBJECT -> types.contains("object");
            case ARRAY -> types.contains("array");
            case STRING -> types.contains("string");
            case BOOLEAN -> types.contains("boolean");
            case NULL -> types.contains("null");
            case NUMBER -> types.contains("number") || (types.contains("integer") && Keywords.isWhole(value));
            default -> false;
        };
    }
}
