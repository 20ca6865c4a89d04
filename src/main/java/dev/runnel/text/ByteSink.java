package dev.runnel.text;

/** Receives bytes in their order. */
@FunctionalInterface
public interface ByteSink {

    /** Appends {@code length} bytes of an array, starting at index {@code from}. The sink does not keep the array. */
    void add(byte[] bytes, int from, int length);
}
