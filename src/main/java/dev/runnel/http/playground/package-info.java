/**
 * The files of the playground, the page for browsers at the root of the service port. It must not know HTTP, keys or
 * generations: the scripts of the page are a client of the API like any other.
 *
 * <p>The room {@code http} uses {@link dev.runnel.http.playground.PlaygroundFiles}.
 */
@NullMarked
package dev.runnel.http.playground;

import org.jspecify.annotations.NullMarked;
