/**
 * HTTP/1.1 below Vert.x: the channel of a client, one write per event, limits on what a client sends, and the chunked
 * responses of servers. With {@link dev.runnel.net} the only room that uses Netty's channels. It must not know what the
 * bytes mean.
 *
 * <p>Other rooms use {@link dev.runnel.net.http1.ClientChannel}, {@link dev.runnel.net.http1.EventBuffer},
 * {@link dev.runnel.net.http1.ChunkedBody} and {@link dev.runnel.net.http1.ReadBuffer}.
 */
@NullMarked
package dev.runnel.net.http1;

import org.jspecify.annotations.NullMarked;
