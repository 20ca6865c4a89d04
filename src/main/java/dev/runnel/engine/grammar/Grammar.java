package dev.runnel.engine.grammar;

/**
 * A grammar in llama.cpp's form.
 *
 * @param gbnf the rules, of which {@code root} is the first; ASCII
 * @param endsItself whether a whole text cannot be continued, as an object cannot and a number can
 */
public record Grammar(String gbnf, boolean endsItself) {}
