/**
 * The bodies of {@code /v1/responses}: reads requests, and makes the object of a response and the events of a stream.
 * It must not know how a generation is submitted, kept or found.
 *
 * <p>The room {@code http} uses {@link dev.runnel.http.responses.ResponsesParser}, {@link
 * dev.runnel.http.responses.ResponsesRequest}, {@link dev.runnel.http.responses.ResponseObject}, {@link
 * dev.runnel.http.responses.ResponseOutput}, {@link
 * dev.runnel.http.responses.ResponseStatus}, {@link dev.runnel.http.responses.ResponseEvents}, {@link
 * dev.runnel.http.responses.EventNumbers} and {@link dev.runnel.http.responses.ResponsesFailure}.
 */
@NullMarked
package dev.runnel.http.responses;

import org.jspecify.annotations.NullMarked;
