package dev.runnel.model;

/** A value of a GGUF file's metadata. */
sealed interface GgufValue {

    /** An integer or a truth value. */
    record Whole(GgufType type, long value) implements GgufValue {}

    record Fraction(double value) implements GgufValue {}

    /**
     * A text.
     *
     * @param text empty if it is longer than {@link GgufMetadata#KEPT_TEXT_BYTES}
     */
    record Text(String text) implements GgufValue {}

    /**
     * A list.
     *
     * @param range the smallest and the largest element, if the elements are integers and few; else 0 and 0
     * @param sum the sum of these elements
     */
    record Array(GgufType type, long length, GgufRange range, long sum) implements GgufValue {}
}
