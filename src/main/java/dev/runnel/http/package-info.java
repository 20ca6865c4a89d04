/**
 * The verticles that speak HTTP and SSE: the service port and the management port. This room knows statuses, headers and
 * the form of an event; it does not know who produces the text.
 */
@NullMarked
package dev.runnel.http;

import org.jspecify.annotations.NullMarked;
