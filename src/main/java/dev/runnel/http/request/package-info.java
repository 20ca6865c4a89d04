/**
 * Reads a request body and checks each field. It must not know limits, the bus or the response.
 *
 * <p>Other rooms use {@link dev.runnel.http.request.BodyReader}, {@link dev.runnel.http.request.ContentType},
 * {@link dev.runnel.http.request.RequestParser} and {@link dev.runnel.http.request.ModelChoice}.
 */
@NullMarked
package dev.runnel.http.request;

import org.jspecify.annotations.NullMarked;
