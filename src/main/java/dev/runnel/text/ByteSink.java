package dev.runnel.text;

/** Receives bytes in their order. */
@FunctionalInterface
public interface ByteSink {

    /** Appends {@code length} bytes of an array, from index {@code from} on. The array is not kept. */
    void add(byte[] bytes, int from, int length);
}
