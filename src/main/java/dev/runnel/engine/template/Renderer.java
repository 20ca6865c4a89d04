package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Executes statements. For one rendering. */
final class Renderer {

    private final Evaluator evaluator;
    private final Budget budget;

    /** How a statement ends. */
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Renderer(Library library, Budget budget) {
        this.evaluator = new Evaluator(library, budget);
        this.budget = budget;
    }

    /** The text of a body. */
    Text text(List<Statement> body, Scope scope) {
        Text.Builder out = new Text.Builder(budget);
        render(body, scope, out);
        return out.text();
    }

    private Flow render(List<Statement> body, Scope scope, Text.Builder out) {
        budget.enter();
        for (Statement statement : body) {
            budget.step();
            Flow flow = execute(statement, scope, out);
            if (flow != Flow.NEXT) {
                budget.leave();
                return flow;
            }
        }
        budget.leave();
        return Flow.NEXT;
    }

    private Flow execute(Statement statement, Scope scope, Text.Builder out) {
        if (statement instanceof Statement.Data data) {
            out.append(data.text());
        } else if (statement instanceof Statement.Output output) {
            out.append(Printer.text(evaluated(output.expression(), scope, output.line()), budget));
        } else if (statement instanceof Statement.If condition) {
            return branch(condition, scope, out);
        } else if (statement instanceof Statement.For loop) {
            loop(loop, scope, out);
        } else if (statement instanceof Statement.Assign assign) {
            assign(assign.target(), evaluated(assign.value(), scope, assign.line()), scope, assign.line());
        } else if (statement instanceof Statement.Captured captured) {
            capture(captured, scope, out);
        } else if (statement instanceof Statement.With with) {
            return with(with, scope, out);
        } else if (statement instanceof Statement.Macro macro) {
            scope.set(macro.name(), function(macro, scope));
        } else if (statement instanceof Statement.CallBlock call) {
            out.append(called(call, scope));
        } else {
            return statement instanceof Statement.Break ? Flow.BREAK : Flow.CONTINUE;
        }
        return Flow.NEXT;
    }

    private Value evaluated(Expression expression, Scope scope, int line) {
        try {
            return evaluator.evaluate(expression, scope);
        } catch (TemplateException e) {
            throw e.at(line);
        }
    }

    private Flow branch(Statement.If condition, Scope scope, Text.Builder out) {
        for (Statement.Branch branch : condition.branches()) {
            if (Types.isTrue(evaluated(branch.condition(), scope, branch.line()))) {
                return render(branch.body(), scope, out);
            }
        }
        return render(condition.otherwise(), scope, out);
    }

    private void loop(Statement.For loop, Scope scope, Text.Builder out) {
        List<Value> items = items(loop, scope);
        if (items.isEmpty()) {
            render(loop.otherwise(), new Scope(scope), out);
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            budget.step();
            Scope inner = new Scope(scope);
            assign(loop.target(), items.get(i), inner, loop.line());
            inner.set("loop", new Value.Loop(items, i));
            if (render(loop.body(), inner, out) == Flow.BREAK) {
                break;
            }
        }
    }

    private List<Value> items(Statement.For loop, Scope scope) {
        try {
            List<Value> items = Types.items(evaluator.evaluate(loop.items(), scope), budget);
            Expression filter = loop.filter();
            if (filter == null) {
                return items;
            }
            List<Value> kept = new ArrayList<>();
            for (Value item : items) {
                budget.elements(1);
                Scope inner = new Scope(scope);
                assign(loop.target(), item, inner, loop.line());
                if (evaluator.isTrue(filter, inner)) {
                    kept.add(item);
                }
            }
            return kept;
        } catch (TemplateException e) {
            throw e.at(loop.line());
        }
    }

    private void assign(Statement.Target target, Value value, Scope scope, int line) {
        if (target instanceof Statement.Variable variable) {
            scope.set(variable.name(), value);
        } else if (target instanceof Statement.Member member) {
            if (!(scope.get(member.namespace()) instanceof Value.Namespace namespace)) {
                throw TemplateException.failed("cannot assign attribute on non-namespace object")
                        .at(line);
            }
            namespace.members().put(member.name(), value);
        } else if (target instanceof Statement.Several several) {
            unpack(several.targets(), value, scope, line);
        }
    }

    private void unpack(List<Statement.Target> targets, Value value, Scope scope, int line) {
        List<Value> items;
        try {
            items = Types.items(value, budget);
        } catch (TemplateException e) {
            throw e.at(line);
        }
        if (items.size() != targets.size()) {
            throw TemplateException.failed(items.size() + " values for " + targets.size() + " names")
                    .at(line);
        }
        for (int i = 0; i < items.size(); i++) {
            assign(targets.get(i), items.get(i), scope, line);
        }
    }

    private void capture(Statement.Captured captured, Scope scope, Text.Builder out) {
        Scope inner = new Scope(scope);
        Value body = new Value.Str(text(captured.body(), inner));
        Scope filtered = new Scope(scope);
        filtered.set(StatementParser.CAPTURED, body);
        Value result = evaluated(captured.filters(), filtered, captured.line());
        Statement.Target target = captured.target();
        if (target == null) {
            out.append(Printer.text(result, budget));
        } else {
            assign(target, result, scope, captured.line());
        }
    }

    private Flow with(Statement.With with, Scope scope, Text.Builder out) {
        Scope inner = new Scope(scope);
        for (Statement.Assign variable : with.variables()) {
            assign(variable.target(), evaluated(variable.value(), scope, variable.line()), inner, variable.line());
        }
        return render(with.body(), inner, out);
    }

    /** A macro as a value. It sees the variables of the place where it is defined. */
    private Value function(Statement.Macro macro, Scope definition) {
        return new Value.Function(macro.name(), call -> {
            Scope scope = new Scope(definition);
            bind(macro, call, scope);
            return new Value.Str(text(macro.body(), scope));
        });
    }

    private void bind(Statement.Macro macro, Value.Call call, Scope scope) {
        Map<String, Value> named = new LinkedHashMap<>(call.named());
        List<Value> positional = call.positional();
        int place = 0;
        for (Statement.Parameter parameter : macro.parameters()) {
            Value value = named.remove(parameter.name());
            if (place < positional.size()) {
                if (value != null) {
                    throw TemplateException.failed(macro.name() + "() got two values for '" + parameter.name() + "'");
                }
                value = positional.get(place);
            }
            scope.set(parameter.name(), value == null ? defaultValue(parameter, scope, macro.line()) : value);
            place++;
        }
        Value caller = named.remove("caller");
        if (caller != null) {
            scope.set("caller", caller);
        }
        List<Value> rest = positional.subList(Math.min(place, positional.size()), positional.size());
        scope.set("varargs", Value.Seq.tuple(rest.toArray(Value[]::new)));
        scope.set("kwargs", Value.dict(named));
    }

    private Value defaultValue(Statement.Parameter parameter, Scope scope, int line) {
        @Nullable Expression value = parameter.value();
        return value == null
                ? new Value.Undefined("parameter '" + parameter.name() + "' was not provided")
                : evaluated(value, scope, line);
    }

    private Text called(Statement.CallBlock call, Scope scope) {
        try {
            return Printer.text(evaluator.call(call.call(), scope, function(call.caller(), scope)), budget);
        } catch (TemplateException e) {
            throw e.at(call.line());
        }
    }
}
