/**
 * HTTP/1.1 below Vert.x: the channel of a client, one write per event, and limits on what a client sends. With
 * {@link dev.runnel.net} the only room that uses Netty's channels. It must not know what the bytes mean.
 *
 * <p>Other rooms use {@link dev.runnel.net.http1.ClientChannel} and {@link dev.runnel.net.http1.EventBuffer}.
 */
@NullMarked
package dev.runnel.net.http1;

import org.jspecify.annotations.NullMarked;
