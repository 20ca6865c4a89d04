package dev.runnel.engine.template;

import java.util.List;
import java.util.Map;

/** Compares values as Python does. */
final class Comparison {

    private Comparison() {}

    /** Whether an operator holds between two values. */
    static boolean holds(String operator, Value left, Value right, Budget budget) {
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "in" -> contains(right, left, budget);
            case "not in" -> !contains(right, left, budget);
            case "<" -> order(left, right, operator) < 0;
            case "<=" -> order(left, right, operator) <= 0;
            case ">" -> order(left, right, operator) > 0;
            default -> order(left, right, operator) >= 0;
        };
    }

    static boolean equal(Value left, Value right) {
        if (Types.isNumber(left) && Types.isNumber(right)) {
            if (left instanceof Value.Real || right instanceof Value.Real) {
                return Types.real(left) == Types.real(right);
            }
            return Types.integer(left) == Types.integer(right);
        }
        if (left instanceof Value.Seq a && right instanceof Value.Seq b) {
            return a.isTuple() == b.isTuple() && equalItems(a.items(), b.items());
        }
        if (left instanceof Value.Dict a && right instanceof Value.Dict b) {
            return equalEntries(a.entries(), b.entries());
        }
        return left.equals(right);
    }

    private static boolean equalItems(List<Value> left, List<Value> right) {
        boolean equal = left.size() == right.size();
        for (int i = 0; equal && i < left.size(); i++) {
            equal = equal(left.get(i), right.get(i));
        }
        return equal;
    }

    private static boolean equalEntries(Map<Value, Value> left, Map<Value, Value> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<Value, Value> entry : left.entrySet()) {
            Value other = right.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    /** {@code item in container}. */
    static boolean contains(Value container, Value item, Budget budget) {
        if (container instanceof Value.Str text) {
            if (!(item instanceof Value.Str part)) {
                throw Types.missing(item, "'in <string>' requires string as left operand, not " + Types.name(item));
            }
            budget.reads(text.text().units());
            return text.chars().contains(part.chars());
        }
        if (container instanceof Value.Dict dict) {
            return dict.entries().containsKey(item);
        }
        List<Value> items = Types.items(container, budget);
        budget.reads(items.size());
        for (Value each : items) {
            if (equal(each, item)) {
                return true;
            }
        }
        return false;
    }

    /** Negative, 0 or positive. */
    static int order(Value left, Value right, String operator) {
        if (Types.isNumber(left) && Types.isNumber(right)) {
            return left instanceof Value.Real || right instanceof Value.Real
                    ? Double.compare(Types.real(left), Types.real(right))
                    : Long.compare(Types.integer(left), Types.integer(right));
        }
        if (left instanceof Value.Str a && right instanceof Value.Str b) {
            return codePointOrder(a.chars(), b.chars());
        }
        if (left instanceof Value.Seq a && right instanceof Value.Seq b && a.isTuple() == b.isTuple()) {
            return itemOrder(a.items(), b.items(), operator);
        }
        Value refused = left instanceof Value.Undefined ? left : right;
        throw Types.missing(
                refused,
                "'" + operator + "' not supported between instances of '" + Types.name(left) + "' and '"
                        + Types.name(right) + "'");
    }

    private static int itemOrder(List<Value> left, List<Value> right, String operator) {
        for (int i = 0; i < left.size() && i < right.size(); i++) {
            if (!equal(left.get(i), right.get(i))) {
                return order(left.get(i), right.get(i), operator);
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    private static int codePointOrder(String left, String right) {
        int at = 0;
        int end = Math.min(left.length(), right.length());
        while (at < end && left.charAt(at) == right.charAt(at)) {
            at++;
        }
        if (at == end) {
            return Integer.compare(left.length(), right.length());
        }
        boolean bothHalves = Character.isSurrogate(left.charAt(at)) == Character.isSurrogate(right.charAt(at));
        return bothHalves
                ? Character.compare(left.charAt(at), right.charAt(at))
                : Integer.compare(left.codePointAt(at), right.codePointAt(at));
    }
}
