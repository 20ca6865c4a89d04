package dev.runnel.engine.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of a template. */
sealed interface Statement {

    /** Text that is written as it is. */
    record Data(Text text) implements Statement {}

    /** The value of an expression. */
    record Output(Expression expression, int line) implements Statement {}

    /** {@code if}, with its {@code elif} and {@code else}. */
    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

    /** A condition and what it guards. */
    record Branch(Expression condition, List<Statement> body, int line) {}

    /** {@code for}. */
    record For(
            Target target,
            Expression items,
            @Nullable Expression filter,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    /** {@code set} with a value. */
    record Assign(Target target, Expression value, int line) implements Statement {}

    /** A body whose text passes filters; without a target the result is written. */
    record Captured(@Nullable Target target, Expression filters, List<Statement> body, int line) implements Statement {}

    /** {@code with}. */
    record With(List<Assign> variables, List<Statement> body) implements Statement {}

    /** {@code macro}. */
    record Macro(String name, List<Parameter> parameters, List<Statement> body, int line) implements Statement {}

    /** A parameter of a macro. */
    record Parameter(String name, @Nullable Expression value) {}

    /** {@code call}: the macro is its body. */
    record CallBlock(Expression.Invocation call, Macro caller, int line) implements Statement {}

    /** {@code break}. */
    record Break() implements Statement {}

    /** {@code continue}. */
    record Continue() implements Statement {}

    /** What a value is assigned to. */
    sealed interface Target {}

    /** A variable. */
    record Variable(String name) implements Target {}

    /** A member of a namespace. */
    record Member(String namespace, String name) implements Target {}

    /** Several targets, one for each element. */
    record Several(List<Target> targets) implements Target {}
}
