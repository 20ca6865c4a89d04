/**
 * Writes one generation to one client as Server-Sent Events. It must not know how the generation was requested.
 *
 * <p>Other rooms use {@link dev.runnel.http.stream.SseStream}, {@link dev.runnel.http.stream.StreamSettings},
 * {@link dev.runnel.http.stream.StreamMemory}, {@link dev.runnel.http.stream.FlushQueue},
 * {@link dev.runnel.http.stream.StreamFormat}, {@link dev.runnel.http.stream.NativeFormat},
 * {@link dev.runnel.http.stream.ResumableFormat}, {@link dev.runnel.http.stream.CursorLine} and
 * {@link dev.runnel.http.stream.ResumedReader}.
 */
@NullMarked
package dev.runnel.http.stream;

import org.jspecify.annotations.NullMarked;
