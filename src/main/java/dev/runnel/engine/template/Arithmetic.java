package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.List;

/** The operators for numbers, strings and lists. */
final class Arithmetic {

    private static final double LARGEST_EXACT = 9.2e18;

    private Arithmetic() {}

    static Value binary(String operator, Value left, Value right, Budget budget) {
        if (Types.isNumber(left) && Types.isNumber(right)) {
            return numbers(operator, left, right);
        }
        if (operator.equals("+")) {
            if (left instanceof Value.Str a && right instanceof Value.Str b) {
                return joined(List.of(a, b), budget);
            }
            if (left instanceof Value.Seq a && right instanceof Value.Seq b && a.isTuple() == b.isTuple()) {
                budget.elements((long) a.items().size() + b.items().size());
                List<Value> items = new ArrayList<>(a.items());
                items.addAll(b.items());
                return new Value.Seq(items, a.isTuple(), Math.max(a.depth(), b.depth()));
            }
        }
        if (operator.equals("*")) {
            if (right instanceof Value.Int count && (left instanceof Value.Str || left instanceof Value.Seq)) {
                return repeated(left, count.value(), budget);
            }
            if (left instanceof Value.Int count && (right instanceof Value.Str || right instanceof Value.Seq)) {
                return repeated(right, count.value(), budget);
            }
        }
        Value refused = left instanceof Value.Undefined ? left : right;
        throw Types.missing(
                refused,
                "unsupported operand type(s) for " + operator + ": '" + Types.name(left) + "' and '" + Types.name(right)
                        + "'");
    }

    /** The texts of all values in one string. */
    static Value joined(List<Value> parts, Budget budget) {
        Text.Builder all = new Text.Builder(budget);
        parts.forEach(part -> all.append(Printer.text(part, budget)));
        return new Value.Str(all.text());
    }

    private static Value repeated(Value value, long count, Budget budget) {
        if (value instanceof Value.Str str) {
            Text.Builder all = new Text.Builder(budget);
            for (long i = 0; i < count && !str.text().isEmpty(); i++) {
                all.append(str.text());
            }
            return new Value.Str(all.text());
        }
        Value.Seq seq = (Value.Seq) value;
        List<Value> items = new ArrayList<>();
        for (long i = 0; i < count && !seq.items().isEmpty(); i++) {
            budget.elements(seq.items().size());
            items.addAll(seq.items());
        }
        return new Value.Seq(items, seq.isTuple(), seq.depth());
    }

    private static Value numbers(String operator, Value left, Value right) {
        boolean isReal = left instanceof Value.Real || right instanceof Value.Real;
        if (isReal || operator.equals("/")) {
            return new Value.Real(reals(operator, Types.real(left), Types.real(right)));
        }
        long a = Types.integer(left);
        long b = Types.integer(right);
        if (operator.equals("**") && b < 0) {
            return new Value.Real(Math.pow((double) a, (double) b));
        }
        try {
            return new Value.Int(integers(operator, a, b));
        } catch (ArithmeticException e) {
            throw TemplateException.failed(
                    b == 0 && !operator.equals("**") ? "division by zero" : "an integer of more than 64 bits");
        }
    }

    private static long integers(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "//" -> Math.floorDiv(a, b);
            case "%" -> Math.floorMod(a, b);
            default -> power(a, b);
        };
    }

    private static long power(long base, long exponent) {
        if (exponent > 0 && Math.abs(Math.pow((double) base, (double) exponent)) > LARGEST_EXACT) {
            throw new ArithmeticException();
        }
        long result = 1;
        // A larger exponent has a base of 0, 1 or -1: it gives the same as one of this size.
        for (long i = 0; i < (exponent > 64 ? 64 + exponent % 2 : exponent); i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    private static double reals(String operator, double a, double b) {
        if (b == 0 && (operator.startsWith("/") || operator.equals("%"))) {
            throw TemplateException.failed("division by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> a - Math.floor(a / b) * b;
            default -> Math.pow(a, b);
        };
    }

    /** {@code -value} or {@code +value}. */
    static Value signed(Value value, boolean isMinus) {
        if (value instanceof Value.Real number) {
            return isMinus ? new Value.Real(-number.value()) : number;
        }
        if (!Types.isNumber(value)) {
            throw Types.missing(value, "bad operand type for a sign: '" + Types.name(value) + "'");
        }
        long number = Types.integer(value);
        return new Value.Int(isMinus ? -number : number);
    }
}
