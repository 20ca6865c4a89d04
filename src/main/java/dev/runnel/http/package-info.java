/**
 * The service port: binds it, routes requests, authenticates callers, applies limits and submits generations. It must
 * not know which engine produces the text.
 *
 * <p>The root uses {@link dev.runnel.http.HttpVerticle}, {@link dev.runnel.http.HttpSetup},
 * {@link dev.runnel.http.AccessControl} and {@link dev.runnel.http.Settlements}.
 */
@NullMarked
package dev.runnel.http;

import org.jspecify.annotations.NullMarked;
