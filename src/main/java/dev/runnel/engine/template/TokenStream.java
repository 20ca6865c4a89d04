package dev.runnel.engine.template;

import dev.runnel.engine.template.Token.Kind;
import java.util.List;

/** The tokens of a template, read once. */
final class TokenStream {

    private final List<Token> tokens;
    private final int mostDepth;
    private int at;
    private int depth;

    TokenStream(List<Token> tokens, int mostDepth) {
        this.tokens = tokens;
        this.mostDepth = mostDepth;
    }

    /** The next token, which stays. */
    Token peek() {
        return tokens.get(at);
    }

    /** The one after the next; the end after the end. */
    Token peekSecond() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    int line() {
        return peek().line();
    }

    boolean is(Kind kind) {
        return peek().kind() == kind;
    }

    boolean is(String operator) {
        return peek().is(operator);
    }

    boolean isName(String name) {
        return peek().isName(name);
    }

    /** Skips the next token if it is this operator. */
    boolean skip(String operator) {
        boolean found = is(operator);
        if (found) {
            at++;
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = isName(name);
        if (found) {
            at++;
        }
        return found;
    }

    void expect(String operator) {
        if (!skip(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    Token expect(Kind kind, String shown) {
        if (!is(kind)) {
            throw unexpected(shown);
        }
        return next();
    }

    String name() {
        return expect(Kind.NAME, "a name").text();
    }

    TemplateException unexpected(String expected) {
        return TemplateException.syntax(line(), "unexpected " + peek().shown() + " (expected: " + expected + ")");
    }

    /** Goes one level deeper in the grammar. Each call needs one {@link #leave}. */
    void enter() {
        depth++;
        checkDepth(depth);
    }

    void leave() {
        depth--;
    }

    /** Refuses a tree that is deeper than the bound. */
    void checkDepth(int levels) {
        if (levels > mostDepth) {
            throw TemplateException.bound("depth", mostDepth).at(line());
        }
    }
}
