package dev.runnel.engine.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An expression of a template. */
sealed interface Expression {

    /** A literal. */
    record Constant(Value value) implements Expression {}

    /** A variable. */
    record Name(String name) implements Expression {}

    /** A list or a tuple. */
    record Items(List<Expression> items, boolean isTuple) implements Expression {}

    /** A map. */
    record Entries(List<Expression> keys, List<Expression> values) implements Expression {}

    /** {@code of.name}. */
    record Attribute(Expression of, String name) implements Expression {}

    /** {@code of[index]}. */
    record Item(Expression of, Expression index) implements Expression {}

    /** {@code of[from:to:step]}. */
    record Slice(
            Expression of,
            @Nullable Expression from,
            @Nullable Expression to,
            @Nullable Expression step) implements Expression {}

    /** {@code callee(…)}. */
    record Invocation(Expression callee, Arguments arguments) implements Expression {}

    /** {@code of | name(…)}. */
    record Filtered(Expression of, String name, Arguments arguments) implements Expression {}

    /** {@code of is name(…)}. */
    record Tested(Expression of, String name, Arguments arguments) implements Expression {}

    /** {@code not of}. */
    record Not(Expression of) implements Expression {}

    /** {@code -of} or {@code +of}. */
    record Signed(Expression of, boolean isMinus) implements Expression {}

    /** An arithmetic operation. */
    record Binary(String operator, Expression left, Expression right) implements Expression {}

    /** {@code a ~ b ~ c}. */
    record Joined(List<Expression> parts) implements Expression {}

    /** {@code left and right}, or {@code left or right}. */
    record Logic(boolean isAnd, Expression left, Expression right) implements Expression {}

    /** {@code first < a == b}. */
    record Compared(Expression first, List<Comparand> rest) implements Expression {}

    /** An operator of a {@link Compared}, and what follows it. */
    record Comparand(String operator, Expression operand) {}

    /** {@code then if condition else otherwise}. */
    record Conditional(
            Expression condition, Expression then, @Nullable Expression otherwise) implements Expression {}

    /** The arguments of a call. */
    record Arguments(List<Expression> positional, Map<String, Expression> named) {

        static final Arguments NONE = new Arguments(List.of(), Map.of());
    }
}
