package dev.runnel.engine.template;

/** A template cannot be read or rendered. The message is one line. */
public final class TemplateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Kind {
        /** The text is not a template of the supported language. */
        SYNTAX,
        /** An expression cannot be evaluated with the given values. */
        FAILED,
        /** The template itself refuses the values, by {@code raise_exception}. */
        RAISED,
        /** One of the {@link Bounds} was reached. */
        BOUND
    }

    private final Kind kind;
    private final boolean isPlaced;

    TemplateException(Kind kind, String message) {
        this(kind, message, false);
    }

    private TemplateException(Kind kind, String message, boolean isPlaced) {
        super(message, null, false, false);
        this.kind = kind;
        this.isPlaced = isPlaced;
    }

    static TemplateException syntax(int line, String message) {
        return new TemplateException(Kind.SYNTAX, "line " + line + ": " + message, true);
    }

    static TemplateException failed(String message) {
        return new TemplateException(Kind.FAILED, message);
    }

    static TemplateException bound(String name, long most) {
        return new TemplateException(Kind.BOUND, name + ": more than the bound of " + most);
    }

    /** The same with the line in the template, if it has none yet. What the template raises stays as it is. */
    TemplateException at(int line) {
        return isPlaced || kind == Kind.RAISED
                ? this
                : new TemplateException(kind, "line " + line + ": " + getMessage(), true);
    }

    /** Why. */
    public Kind kind() {
        return kind;
    }
}
