/**
 * Turns a bearer token into a {@link dev.runnel.auth.Caller}, or refuses; issues and revokes keys. It knows nothing of
 * HTTP beyond one header's value, and nothing of what a caller does next.
 */
@NullMarked
package dev.runnel.auth;

import org.jspecify.annotations.NullMarked;
