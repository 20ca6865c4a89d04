package dev.runnel.engine.template;

import dev.runnel.engine.template.Expression.Arguments;
import dev.runnel.engine.template.Expression.Comparand;
import dev.runnel.engine.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses expressions, with the precedence of Jinja's operators. */
final class ExpressionParser {

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");
    private static final Set<String> AFTER_A_TEST = Set.of("else", "or", "and", "is", "if", "in", "not");

    private final TokenStream in;
    private final PrimaryParser primaries;

    ExpressionParser(TokenStream in) {
        this.in = in;
        this.primaries = new PrimaryParser(in, this::expression);
    }

    /** An expression without commas outside of brackets. */
    Expression expression() {
        in.enter();
        Expression result = disjunction();
        while (in.skipName("if")) {
            Expression condition = disjunction();
            Expression otherwise = in.skipName("else") ? expression() : null;
            result = new Expression.Conditional(condition, result, otherwise);
        }
        in.leave();
        return result;
    }

    /** An expression, or several with commas, which are a tuple. */
    Expression tuple() {
        return list(true);
    }

    /** The same without {@code if} and {@code else}, as it stands in {@code for} and {@code if}. */
    Expression plainTuple() {
        return list(false);
    }

    private Expression list(boolean withCondition) {
        Expression first = withCondition ? expression() : disjunction();
        if (!in.is(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (in.skip(",") && !endsTuple()) {
            items.add(withCondition ? expression() : disjunction());
        }
        return new Expression.Items(List.copyOf(items), true);
    }

    private boolean endsTuple() {
        return in.is(Kind.TAG_END) || in.is(Kind.OUTPUT_END) || in.is(")") || in.isName("recursive");
    }

    /** An expression without {@code if} and {@code else} after it. */
    private Expression disjunction() {
        Expression left = conjunction();
        for (int depth = 1; in.skipName("or"); depth++) {
            in.checkDepth(depth);
            left = new Expression.Logic(false, left, conjunction());
        }
        return left;
    }

    private Expression conjunction() {
        Expression left = negation();
        for (int depth = 1; in.skipName("and"); depth++) {
            in.checkDepth(depth);
            left = new Expression.Logic(true, left, negation());
        }
        return left;
    }

    private Expression negation() {
        if (!in.isName("not")) {
            return comparison();
        }
        in.next();
        in.enter();
        Expression of = negation();
        in.leave();
        return new Expression.Not(of);
    }

    private Expression comparison() {
        Expression first = sum();
        List<Comparand> rest = new ArrayList<>();
        while (true) {
            if (in.is(Kind.OPERATOR) && COMPARISONS.contains(in.peek().text())) {
                rest.add(new Comparand(in.next().text(), sum()));
            } else if (in.skipName("in")) {
                rest.add(new Comparand("in", sum()));
            } else if (in.isName("not") && in.peekSecond().isName("in")) {
                in.next();
                in.next();
                rest.add(new Comparand("not in", sum()));
            } else {
                return rest.isEmpty() ? first : new Expression.Compared(first, List.copyOf(rest));
            }
        }
    }

    private Expression sum() {
        Expression left = concatenation();
        for (int depth = 1; in.is("+") || in.is("-"); depth++) {
            in.checkDepth(depth);
            left = new Expression.Binary(in.next().text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression first = product();
        if (!in.is("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (in.skip("~")) {
            parts.add(product());
        }
        return new Expression.Joined(List.copyOf(parts));
    }

    private Expression product() {
        Expression left = power();
        for (int depth = 1; in.is(Kind.OPERATOR) && PRODUCTS.contains(in.peek().text()); depth++) {
            in.checkDepth(depth);
            left = new Expression.Binary(in.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        for (int depth = 1; in.skip("**"); depth++) {
            in.checkDepth(depth);
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        Expression node;
        if (in.is("-") || in.is("+")) {
            boolean isMinus = in.next().is("-");
            in.enter();
            node = new Expression.Signed(unary(false), isMinus);
            in.leave();
        } else {
            node = primaries.primary();
        }
        node = primaries.postfixed(node);
        return withFilters ? filtered(node) : node;
    }

    private Expression filtered(Expression start) {
        Expression node = start;
        for (int depth = 1; ; depth++) {
            in.checkDepth(depth);
            if (in.skip("|")) {
                node = filter(node);
            } else if (in.skipName("is")) {
                node = test(node);
            } else if (in.is("(")) {
                node = new Expression.Invocation(node, primaries.arguments());
            } else {
                return node;
            }
        }
    }

    /** The filter whose name comes next. */
    Expression filter(Expression of) {
        String name = dottedName();
        return new Expression.Filtered(of, name, in.is("(") ? primaries.arguments() : Arguments.NONE);
    }

    private String dottedName() {
        StringBuilder name = new StringBuilder(in.name());
        while (in.skip(".")) {
            name.append('.').append(in.name());
        }
        return name.toString();
    }

    private Expression test(Expression of) {
        boolean isNegated = in.skipName("not");
        String name = dottedName();
        Arguments arguments = Arguments.NONE;
        if (in.is("(")) {
            arguments = primaries.arguments();
        } else if (startsArgument()) {
            arguments = new Arguments(List.of(primaries.postfixed(primaries.primary())), Map.of());
        }
        Expression test = new Expression.Tested(of, name, arguments);
        return isNegated ? new Expression.Not(test) : test;
    }

    private boolean startsArgument() {
        return switch (in.peek().kind()) {
            case NAME -> !AFTER_A_TEST.contains(in.peek().text());
            case STRING, INTEGER, FLOAT -> true;
            default -> in.is("[") || in.is("{");
        };
    }

    /** The filters of a body, which may be none. */
    Expression filtersOf(Expression body) {
        Expression node = body;
        while (in.skip("|")) {
            node = filter(node);
        }
        return node;
    }
}
