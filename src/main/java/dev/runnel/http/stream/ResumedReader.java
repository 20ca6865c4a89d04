package dev.runnel.http.stream;

import dev.runnel.message.Finished;
import dev.runnel.resume.Attachment;
import io.vertx.core.Future;

/**
 * A reader of a resumable generation, and where it continues.
 *
 * @param attachment leaves when the stream is closed
 * @param end how the stream ends, after all text
 * @param escapedPosition the place in the escaped text, in bytes
 * @param utf8Position the same place in bytes of UTF-8 before escaping
 */
public record ResumedReader(Attachment attachment, Future<Finished> end, int escapedPosition, long utf8Position) {}
