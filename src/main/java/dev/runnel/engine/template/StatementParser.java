package dev.runnel.engine.template;

import dev.runnel.engine.template.Statement.Target;
import dev.runnel.engine.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Parses the statements of a template. */
final class StatementParser {

    /** The variable that a captured body stands in for its filters; no name of a template is like it. */
    static final String CAPTURED = "(captured)";

    private static final Expression BODY = new Expression.Name(CAPTURED);

    private final TokenStream in;
    private final ExpressionParser expressions;
    private int loops;

    StatementParser(TokenStream in) {
        this.in = in;
        this.expressions = new ExpressionParser(in);
    }

    /** The whole template. */
    List<Statement> template() {
        List<Statement> body = body(Set.of());
        if (!in.is(Kind.END)) {
            throw in.unexpected("the end of the template");
        }
        return body;
    }

    /** Statements up to a tag with one of these names, which is not read beyond its start; or to the end. */
    private List<Statement> body(Set<String> ends) {
        in.enter();
        List<Statement> body = new ArrayList<>();
        while (!in.is(Kind.END)) {
            if (in.is(Kind.DATA)) {
                body.add(new Statement.Data(Text.own(in.next().text())));
            } else if (in.is(Kind.OUTPUT_START)) {
                body.add(output());
            } else {
                in.expect(Kind.TAG_START, "a tag");
                if (in.is(Kind.NAME) && ends.contains(in.peek().text())) {
                    in.leave();
                    return List.copyOf(body);
                }
                body.add(tag());
            }
        }
        if (!ends.isEmpty()) {
            throw in.unexpected("one of " + String.join(", ", new TreeSet<>(ends)));
        }
        in.leave();
        return List.copyOf(body);
    }

    private Statement output() {
        int line = in.next().line();
        Expression expression = expressions.tuple();
        in.expect(Kind.OUTPUT_END, "'}}'");
        return new Statement.Output(expression, line);
    }

    private void endTag() {
        in.expect(Kind.TAG_END, "'%}'");
    }

    /** The body of a tag up to its one end, which is read. */
    private List<Statement> bodyUntil(String end) {
        endTag();
        List<Statement> body = body(Set.of(end));
        in.next();
        endTag();
        return body;
    }

    private Statement tag() {
        int line = in.line();
        String name = in.name();
        return switch (name) {
            case "if" -> condition();
            case "for" -> loop(line);
            case "set" -> assignment(line);
            case "macro" -> macro(line);
            case "call" -> call(line);
            case "filter" -> filter(line);
            case "with" -> with();
            case "generation" -> new Statement.With(List.of(), bodyUntil("endgeneration"));
            case "break" -> ofLoop(new Statement.Break(), name, line);
            case "continue" -> ofLoop(new Statement.Continue(), name, line);
            default -> throw TemplateException.syntax(line, "unknown tag '" + name + "'");
        };
    }

    private Statement ofLoop(Statement statement, String name, int line) {
        if (loops == 0) {
            throw TemplateException.syntax(line, "'" + name + "' outside of a loop");
        }
        endTag();
        return statement;
    }

    private Statement condition() {
        List<Statement.Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        String tag = "elif";
        while (tag.equals("elif")) {
            int line = in.line();
            Expression condition = expressions.plainTuple();
            endTag();
            branches.add(new Statement.Branch(condition, body(Set.of("elif", "else", "endif")), line));
            tag = in.name();
        }
        if (tag.equals("else")) {
            endTag();
            otherwise = body(Set.of("endif"));
            in.next();
        }
        endTag();
        return new Statement.If(List.copyOf(branches), otherwise);
    }

    private Statement loop(int line) {
        Target target = target(false);
        in.expectName("in");
        Expression items = expressions.plainTuple();
        Expression filter = in.skipName("if") ? expressions.expression() : null;
        endTag();
        loops++;
        List<Statement> body = body(Set.of("else", "endfor"));
        loops--;
        List<Statement> otherwise = List.of();
        if (in.name().equals("else")) {
            endTag();
            otherwise = body(Set.of("endfor"));
            in.next();
        }
        endTag();
        return new Statement.For(target, items, filter, body, otherwise, line);
    }

    /** @param withMembers whether it may be a member of a namespace */
    private Target target(boolean withMembers) {
        in.enter();
        List<Target> targets = new ArrayList<>();
        boolean isTuple = false;
        boolean isOpen = in.skip("(");
        do {
            targets.add(in.is("(") ? target(withMembers) : oneTarget(withMembers));
            isTuple |= in.is(",");
        } while (in.skip(",") && (in.is(Kind.NAME) || in.is("(")));
        if (isOpen) {
            in.expect(")");
        }
        in.leave();
        return isTuple ? new Statement.Several(List.copyOf(targets)) : targets.get(0);
    }

    private Target oneTarget(boolean withMembers) {
        String name = in.name();
        return withMembers && in.skip(".") ? new Statement.Member(name, in.name()) : new Statement.Variable(name);
    }

    private Statement assignment(int line) {
        Target target = target(true);
        if (in.skip("=")) {
            Expression value = expressions.tuple();
            endTag();
            return new Statement.Assign(target, value, line);
        }
        Expression filters = expressions.filtersOf(BODY);
        return new Statement.Captured(target, filters, bodyUntil("endset"), line);
    }

    private Statement filter(int line) {
        Expression filters = expressions.filtersOf(expressions.filter(BODY));
        return new Statement.Captured(null, filters, bodyUntil("endfilter"), line);
    }

    private Statement with() {
        List<Statement.Assign> variables = new ArrayList<>();
        while (!in.is(Kind.TAG_END)) {
            int line = in.line();
            Target target = target(false);
            in.expect("=");
            variables.add(new Statement.Assign(target, expressions.expression(), line));
            if (!in.skip(",")) {
                break;
            }
        }
        return new Statement.With(List.copyOf(variables), bodyUntil("endwith"));
    }

    private Statement macro(int line) {
        String name = in.name();
        List<Statement.Parameter> parameters = parameters();
        return new Statement.Macro(name, parameters, ownBody("endmacro"), line);
    }

    /** A body that no loop around it can be left from. */
    private List<Statement> ownBody(String end) {
        int outer = loops;
        loops = 0;
        List<Statement> body = bodyUntil(end);
        loops = outer;
        return body;
    }

    private List<Statement.Parameter> parameters() {
        List<Statement.Parameter> parameters = new ArrayList<>();
        in.expect("(");
        while (!in.is(")")) {
            String name = in.name();
            Expression value = defaultValue();
            if (value == null
                    && !parameters.isEmpty()
                    && parameters.get(parameters.size() - 1).value() != null) {
                throw TemplateException.syntax(in.line(), "the parameter '" + name + "' without a default value");
            }
            parameters.add(new Statement.Parameter(name, value));
            if (!in.is(")")) {
                in.expect(",");
            }
        }
        in.expect(")");
        return List.copyOf(parameters);
    }

    private @Nullable Expression defaultValue() {
        return in.skip("=") ? expressions.expression() : null;
    }

    private Statement call(int line) {
        List<Statement.Parameter> parameters = in.is("(") ? parameters() : List.of();
        Expression called = expressions.expression();
        if (!(called instanceof Expression.Invocation invocation)) {
            throw TemplateException.syntax(line, "'call' without a call");
        }
        return new Statement.CallBlock(
                invocation, new Statement.Macro("caller", parameters, ownBody("endcall"), line), line);
    }
}
