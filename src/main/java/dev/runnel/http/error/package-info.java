/**
 * Error responses: turns refusals and failures into a status, headers and a body. The only room that maps failures to
 * HTTP statuses. It must not know routes or engines.
 *
 * <p>Other rooms use {@link dev.runnel.http.error.ErrorResponse}, {@link dev.runnel.http.error.ErrorType},
 * {@link dev.runnel.http.error.ErrorForm}, {@link dev.runnel.http.error.ErrorWriter},
 * {@link dev.runnel.http.error.FailedRequest}, {@link dev.runnel.http.error.OpenAiError} and
 * {@link dev.runnel.http.error.RefusedException}.
 */
@NullMarked
package dev.runnel.http.error;

import org.jspecify.annotations.NullMarked;
