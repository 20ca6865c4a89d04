/**
 * Renders the chat templates of model files: the part of Jinja that they use. It must not know models, prompts and
 * tokens. A template is foreign input: it reaches no Java object, and what it may use is bounded.
 *
 * <p>Other rooms use {@link dev.runnel.engine.template.Template}, {@link dev.runnel.engine.template.Value},
 * {@link dev.runnel.engine.template.Text}, {@link dev.runnel.engine.template.Bounds} and
 * {@link dev.runnel.engine.template.TemplateException}.
 *
 * <p>{@code Lexer} makes {@code Token}s, {@code StatementParser} makes {@code Statement}s with {@code Expression}s of
 * them, {@code Renderer} executes the statements and {@code Evaluator} the expressions. {@code Library} has the
 * filters and tests, {@code Globals} the functions, {@code Members} what follows a dot. {@code Budget} counts what a
 * rendering uses.
 */
@NullMarked
package dev.runnel.engine.template;

import org.jspecify.annotations.NullMarked;
