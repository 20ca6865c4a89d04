/**
 * The service port: binds it, routes requests, authenticates callers, applies limits and submits generations. It must not know
 * who produces the text.
 *
 * <p>The root uses {@link dev.runnel.http.HttpVerticle}, {@link dev.runnel.http.HttpSetup} and
 * {@link dev.runnel.http.AccessControl}.
 */
@NullMarked
package dev.runnel.http;

import org.jspecify.annotations.NullMarked;
