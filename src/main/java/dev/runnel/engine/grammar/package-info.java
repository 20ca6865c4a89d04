/**
 * Makes a grammar of llama.cpp's form (GBNF) from a JSON Schema, so that every text of the grammar is JSON that
 * validates. It must not know the model, llama.cpp's library and where the schema comes from.
 *
 * <p>{@link dev.runnel.engine.grammar.JsonGrammar} makes a {@link dev.runnel.engine.grammar.Grammar}, or throws a
 * {@link dev.runnel.engine.grammar.SchemaException}. Its steps: {@code SchemaReader} reads the schema into
 * {@code Shape}s and refuses unknown keywords. {@code Alternatives} refuses a schema whose grammar would be slow.
 * {@code GrammarWriter} writes the rules. Patterns and numbers become {@code Automaton}s by {@code RegexParser}, so
 * that a text has one way through their rules.
 */
@NullMarked
package dev.runnel.engine.grammar;

import org.jspecify.annotations.NullMarked;
