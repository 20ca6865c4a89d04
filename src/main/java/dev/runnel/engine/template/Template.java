package dev.runnel.engine.template;

import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A chat template in Jinja, as the file of a model has it. It is rendered as Jinja's {@code
 * ImmutableSandboxedEnvironment} does with {@code trim_blocks}, {@code lstrip_blocks}, loop controls, the tag {@code
 * generation}, {@code tojson} that escapes nothing for HTML, {@code raise_exception} and {@code strftime_now}.
 * Immutable.
 */
public final class Template {

    private static final Library LIBRARY = SelectFilters.complete();

    private final List<Statement> body;
    private final Set<String> names;
    private final Set<String> strings;
    private final Bounds bounds;

    private Template(List<Statement> body, Set<String> names, Set<String> strings, Bounds bounds) {
        this.body = body;
        this.names = names;
        this.strings = strings;
        this.bounds = bounds;
    }

    /**
     * Reads a template.
     *
     * @param source its text
     * @param bounds of the template and of each rendering
     * @throws TemplateException with {@code SYNTAX} or {@code BOUND}
     */
    public static Template parse(String source, Bounds bounds) {
        if (source.length() > bounds.templateChars()) {
            throw TemplateException.bound("characters of the template", bounds.templateChars());
        }
        List<Token> tokens = Lexer.tokens(source);
        Set<String> names = new HashSet<>();
        Set<String> strings = new HashSet<>();
        boolean isMember = false;
        for (Token token : tokens) {
            if (token.kind() == Token.Kind.NAME && !isMember) {
                names.add(token.text());
            } else if (token.kind() == Token.Kind.STRING || token.kind() == Token.Kind.DATA) {
                strings.add(token.text());
            }
            isMember = token.is(".");
        }
        List<Statement> body = new StatementParser(new TokenStream(tokens, bounds.depth())).template();
        return new Template(body, Set.copyOf(names), Set.copyOf(strings), bounds);
    }

    /** Whether a name occurs in an expression or a tag, other than as a member of a value. */
    public boolean mentions(String name) {
        return names.contains(name);
    }

    /** Whether a text occurs in the text between tags, or in a string. */
    public boolean writes(String text) {
        return strings.stream().anyMatch(string -> string.contains(text));
    }

    /** The texts between tags, and those of strings. */
    public Set<String> strings() {
        return strings;
    }

    /**
     * Renders the template. The same variables and the same time give the same text.
     *
     * @param variables by name
     * @param now the time for {@code strftime_now}, read where the template asks for it
     * @throws TemplateException with {@code FAILED}, {@code RAISED} or {@code BOUND}
     */
    public Text render(Map<String, Value> variables, Supplier<LocalDateTime> now) {
        Budget budget = new Budget(bounds);
        Scope scope = new Scope(null);
        Globals.addTo(scope, now);
        variables.forEach(scope::set);
        return new Renderer(LIBRARY, budget).text(body, scope);
    }
}
