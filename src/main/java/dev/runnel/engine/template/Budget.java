package dev.runnel.engine.template;

/** What is left of the {@link Bounds} in one rendering. For one thread. */
final class Budget {

    /** So many characters that are copied or searched count as one step. */
    private static final int CHARS_PER_STEP = 256;

    private final Bounds bounds;
    private long steps;
    private long built;
    private long elements;
    private int depth;

    Budget(Bounds bounds) {
        this.bounds = bounds;
    }

    /** An expression or statement is evaluated. */
    void step() {
        steps(1);
    }

    /** A text of this length is read or copied. */
    void reads(int chars) {
        steps(1 + chars / CHARS_PER_STEP);
    }

    private void steps(long count) {
        steps += count;
        if (steps > bounds.steps()) {
            throw TemplateException.bound("steps", bounds.steps());
        }
    }

    /** A text grows to {@code length} by {@code more} UTF-16 units. Called before it does. */
    void grows(long length, long more) {
        if (length > bounds.textChars()) {
            throw TemplateException.bound("characters of a text", bounds.textChars());
        }
        built += more;
        if (built > bounds.builtChars()) {
            throw TemplateException.bound("characters of all texts", bounds.builtChars());
        }
    }

    /** A list or map with so many elements is built. Called before it is. */
    void elements(long count) {
        elements += count;
        if (elements > bounds.elements()) {
            throw TemplateException.bound("elements of lists and maps", bounds.elements());
        }
    }

    /** Refuses a range of this size. */
    void range(long size) {
        if (size > bounds.rangeSize()) {
            throw TemplateException.bound("elements of a range", bounds.rangeSize());
        }
        elements(size);
    }

    /** Goes one level deeper. Each call needs one {@link #leave}. */
    void enter() {
        depth++;
        nested(depth);
    }

    void leave() {
        depth--;
    }

    /** Refuses a nesting of this depth. */
    void nested(int levels) {
        if (levels > bounds.depth()) {
            throw TemplateException.bound("depth", bounds.depth());
        }
    }
}
