package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions. For one rendering. */
final class Evaluator {

    private final Library library;
    private final Budget budget;

    Evaluator(Library library, Budget budget) {
        this.library = library;
        this.budget = budget;
    }

    Value evaluate(Expression expression, Scope scope) {
        budget.enter();
        Value value = expression instanceof Expression.Constant constant ? constant.value() : simple(expression, scope);
        budget.leave();
        budget.step();
        if (value instanceof Value.Str str) {
            budget.reads(str.text().units());
        } else if (value instanceof Value.Seq seq) {
            budget.nested(seq.depth());
        } else if (value instanceof Value.Dict dict) {
            budget.nested(dict.depth());
        }
        return value;
    }

    boolean isTrue(Expression expression, Scope scope) {
        return Types.isTrue(evaluate(expression, scope));
    }

    private Value simple(Expression expression, Scope scope) {
        if (expression instanceof Expression.Name name) {
            return scope.get(name.name());
        } else if (expression instanceof Expression.Attribute attribute) {
            return Members.attribute(evaluate(attribute.of(), scope), attribute.name());
        } else if (expression instanceof Expression.Item item) {
            return Members.item(evaluate(item.of(), scope), evaluate(item.index(), scope), budget);
        } else if (expression instanceof Expression.Slice slice) {
            return slice(slice, scope);
        } else if (expression instanceof Expression.Invocation invocation) {
            return call(invocation, scope, null);
        } else if (expression instanceof Expression.Filtered filtered) {
            Value value = evaluate(filtered.of(), scope);
            return library.filter(filtered.name())
                    .apply(value, arguments(filtered.name(), filtered.arguments(), scope, null));
        } else if (expression instanceof Expression.Items items) {
            List<Value> values = all(items.items(), scope);
            return items.isTuple() ? Value.Seq.tuple(values.toArray(Value[]::new)) : Value.list(values);
        } else if (expression instanceof Expression.Entries entries) {
            return entries(entries, scope);
        }
        return operation(expression, scope);
    }

    private Value operation(Expression expression, Scope scope) {
        if (expression instanceof Expression.Tested tested) {
            Value value = evaluate(tested.of(), scope);
            return Value.of(library.test(tested.name())
                    .holds(value, arguments(tested.name(), tested.arguments(), scope, null)));
        } else if (expression instanceof Expression.Not not) {
            return Value.of(!isTrue(not.of(), scope));
        } else if (expression instanceof Expression.Signed signed) {
            return Arithmetic.signed(evaluate(signed.of(), scope), signed.isMinus());
        } else if (expression instanceof Expression.Binary binary) {
            Value left = evaluate(binary.left(), scope);
            return Arithmetic.binary(binary.operator(), left, evaluate(binary.right(), scope), budget);
        } else if (expression instanceof Expression.Joined joined) {
            return Arithmetic.joined(all(joined.parts(), scope), budget);
        } else if (expression instanceof Expression.Logic logic) {
            Value left = evaluate(logic.left(), scope);
            return Types.isTrue(left) == logic.isAnd() ? evaluate(logic.right(), scope) : left;
        } else if (expression instanceof Expression.Compared compared) {
            return compared(compared, scope);
        } else if (expression instanceof Expression.Conditional conditional) {
            return conditional(conditional, scope);
        }
        throw new IllegalStateException("no such expression");
    }

    private Value slice(Expression.Slice slice, Scope scope) {
        Value of = evaluate(slice.of(), scope);
        return Members.slice(
                of,
                sliceIndex(slice.from(), scope),
                sliceIndex(slice.to(), scope),
                sliceIndex(slice.step(), scope),
                budget);
    }

    private Value sliceIndex(@Nullable Expression index, Scope scope) {
        return index == null ? Value.NONE : evaluate(index, scope);
    }

    private List<Value> all(List<Expression> expressions, Scope scope) {
        budget.elements(expressions.size());
        List<Value> values = new ArrayList<>(expressions.size());
        expressions.forEach(expression -> values.add(evaluate(expression, scope)));
        return values;
    }

    private Value entries(Expression.Entries expression, Scope scope) {
        List<Value> keys = all(expression.keys(), scope);
        List<Value> values = all(expression.values(), scope);
        Map<Value, Value> entries = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i) instanceof Value.Dict) {
                throw TemplateException.failed("unhashable type: 'dict'");
            }
            entries.put(keys.get(i), values.get(i));
        }
        return Value.Dict.of(entries);
    }

    /**
     * Calls a function.
     *
     * @param caller the body of a {@code call}, or {@code null}
     */
    Value call(Expression.Invocation invocation, Scope scope, @Nullable Value caller) {
        Value callee = evaluate(invocation.callee(), scope);
        if (callee instanceof Value.Function function) {
            return function.call(arguments(function.name(), invocation.arguments(), scope, caller));
        }
        throw Types.missing(callee, "'" + Types.name(callee) + "' object is not callable");
    }

    private Value.Call arguments(String function, Expression.Arguments arguments, Scope scope, @Nullable Value caller) {
        Map<String, Value> named = new LinkedHashMap<>();
        List<Value> positional = all(arguments.positional(), scope);
        arguments.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
        if (caller != null) {
            named.put("caller", caller);
        }
        return new Value.Call(function, budget, positional, named);
    }

    private Value compared(Expression.Compared compared, Scope scope) {
        Value left = evaluate(compared.first(), scope);
        for (Expression.Comparand comparand : compared.rest()) {
            Value right = evaluate(comparand.operand(), scope);
            if (!Comparison.holds(comparand.operator(), left, right, budget)) {
                return Value.FALSE;
            }
            left = right;
        }
        return Value.TRUE;
    }

    private Value conditional(Expression.Conditional conditional, Scope scope) {
        if (isTrue(conditional.condition(), scope)) {
            return evaluate(conditional.then(), scope);
        }
        Expression otherwise = conditional.otherwise();
        return otherwise == null
                ? new Value.Undefined("the condition was false and there is no 'else'")
                : evaluate(otherwise, scope);
    }
}
