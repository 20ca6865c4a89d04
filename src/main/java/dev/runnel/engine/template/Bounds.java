package dev.runnel.engine.template;

/**
 * What a template may use. A template is foreign input: it comes with a model's file.
 *
 * @param templateChars the length of the template, in UTF-16 units
 * @param steps the evaluated expressions and statements of one rendering; a long text counts for more than one
 * @param textChars the length of one text, and so of the output, in UTF-16 units
 * @param builtChars the length of all texts that one rendering builds, in UTF-16 units
 * @param elements the elements of all lists and maps that one rendering builds
 * @param depth how deep expressions, statements, calls and values may be nested
 * @param rangeSize the elements of one {@code range}
 */
public record Bounds(
        int templateChars, int steps, int textChars, int builtChars, int elements, int depth, int rangeSize) {

    /** Enough for 2,000,000 code points of messages. The largest templates of 2026 have 30,000 characters. */
    public static final Bounds DEFAULT =
            new Bounds(1 << 18, 5_000_000, 16_000_000, 128_000_000, 1_000_000, 400, 100_000);
}
