/**
 * Reads a request body and checks each field. It must not know what a caller has left of its limits, or how a
 * generation is submitted.
 *
 * <p>Other rooms use {@link dev.runnel.http.request.BodyReader}, {@link dev.runnel.http.request.ContentType},
 * {@link dev.runnel.http.request.JsonBody}, {@link dev.runnel.http.request.RequestParser},
 * {@link dev.runnel.http.request.RequestField}, {@link dev.runnel.http.request.GenerateRequest},
 * {@link dev.runnel.http.request.AnswerForm}, {@link dev.runnel.http.request.RequestFingerprint},
 * {@link dev.runnel.http.request.ResumeHeaders}, {@link dev.runnel.http.request.PassThrough} and
 * {@link dev.runnel.http.request.ModelChoice}.
 */
@NullMarked
package dev.runnel.http.request;

import org.jspecify.annotations.NullMarked;
