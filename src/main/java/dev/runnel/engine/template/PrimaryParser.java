package dev.runnel.engine.template;

import dev.runnel.engine.template.Expression.Arguments;
import dev.runnel.engine.template.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Parses literals, names, brackets, and what follows a value without a space: members, indexes and calls. */
final class PrimaryParser {

    private final TokenStream in;
    private final Supplier<Expression> expression;

    /** @param expression parses an expression without commas outside of brackets */
    PrimaryParser(TokenStream in, Supplier<Expression> expression) {
        this.in = in;
        this.expression = expression;
    }

    Expression primary() {
        Token token = in.peek();
        return switch (token.kind()) {
            case NAME -> name(in.next().text());
            case STRING -> strings();
            case INTEGER -> new Expression.Constant(integer(in.next()));
            case FLOAT ->
                new Expression.Constant(
                        new Value.Real(Double.parseDouble(in.next().text())));
            default -> bracket();
        };
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Constant(Value.TRUE);
            case "false", "False" -> new Expression.Constant(Value.FALSE);
            case "none", "None" -> new Expression.Constant(Value.NONE);
            default -> new Expression.Name(name);
        };
    }

    private static Value integer(Token token) {
        try {
            return new Value.Int(Long.parseLong(token.text()));
        } catch (NumberFormatException e) {
            throw TemplateException.syntax(token.line(), "an integer of more than 64 bits");
        }
    }

    private Expression strings() {
        StringBuilder text = new StringBuilder();
        while (in.is(Kind.STRING)) {
            text.append(in.next().text());
        }
        return new Expression.Constant(Value.Str.own(text.toString()));
    }

    private Expression bracket() {
        if (in.skip("(")) {
            return round();
        }
        if (in.skip("[")) {
            List<Expression> items = new ArrayList<>();
            while (!in.is("]")) {
                items.add(expression.get());
                separator("]");
            }
            in.expect("]");
            return new Expression.Items(List.copyOf(items), false);
        }
        if (in.skip("{")) {
            return map();
        }
        throw in.unexpected("an expression");
    }

    private Expression round() {
        List<Expression> items = new ArrayList<>();
        boolean isTuple = in.is(")");
        while (!in.is(")")) {
            items.add(expression.get());
            isTuple |= in.is(",");
            separator(")");
        }
        in.expect(")");
        return isTuple ? new Expression.Items(List.copyOf(items), true) : items.get(0);
    }

    private Expression map() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!in.is("}")) {
            keys.add(expression.get());
            in.expect(":");
            values.add(expression.get());
            separator("}");
        }
        in.expect("}");
        return new Expression.Entries(List.copyOf(keys), List.copyOf(values));
    }

    /** A comma, or the closing bracket, which stays. */
    private void separator(String close) {
        if (!in.is(close)) {
            in.expect(",");
        }
    }

    Expression postfixed(Expression start) {
        Expression node = start;
        for (int depth = 1; ; depth++) {
            in.checkDepth(depth);
            if (in.skip(".")) {
                node = member(node);
            } else if (in.skip("[")) {
                node = subscript(node);
                in.expect("]");
            } else if (in.is("(")) {
                node = new Expression.Invocation(node, arguments());
            } else {
                return node;
            }
        }
    }

    private Expression member(Expression of) {
        if (in.is(Kind.INTEGER)) {
            return new Expression.Item(of, new Expression.Constant(integer(in.next())));
        }
        return new Expression.Attribute(of, in.name());
    }

    private Expression subscript(Expression of) {
        Expression from = in.is(":") ? null : expression.get();
        if (!in.is(":")) {
            if (from == null) {
                throw in.unexpected("an index");
            }
            return new Expression.Item(of, from);
        }
        in.expect(":");
        Expression to = sliceEnd();
        Expression step = in.skip(":") ? sliceEnd() : null;
        return new Expression.Slice(of, from, to, step);
    }

    private @Nullable Expression sliceEnd() {
        return in.is(":") || in.is("]") ? null : expression.get();
    }

    Arguments arguments() {
        in.expect("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!in.is(")")) {
            if (in.is(Kind.NAME) && in.peekSecond().is("=")) {
                String name = in.name();
                in.expect("=");
                if (named.put(name, expression.get()) != null) {
                    throw TemplateException.syntax(in.line(), "the argument '" + name + "' twice");
                }
            } else if (named.isEmpty()) {
                positional.add(expression.get());
            } else {
                throw in.unexpected("a named argument after a named one");
            }
            separator(")");
        }
        in.expect(")");
        return new Arguments(List.copyOf(positional), named);
    }
}
