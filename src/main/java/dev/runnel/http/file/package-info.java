/**
 * Files that the service port sends as they are, with the name of their content. It must not know which files there are
 * and what they are for.
 *
 * <p>The rooms {@code http} and {@code http.playground} use {@link dev.runnel.http.file.ServedFile}.
 */
@NullMarked
package dev.runnel.http.file;

import org.jspecify.annotations.NullMarked;
