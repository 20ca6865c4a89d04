/**
 * HTTP/1.1 below Vert.x: a client's channel, one write per event, content codings, limits on what a client sends, and
 * the chunked responses of servers. With {@link dev.runnel.net} the only room that uses Netty's channels and handlers.
 * It must not know what the bytes mean.
 *
 * <p>Other rooms use {@link dev.runnel.net.http1.ClientChannel}, {@link dev.runnel.net.http1.ContentCodings},
 * {@link dev.runnel.net.http1.EventBuffer}, {@link dev.runnel.net.http1.ChunkedBody},
 * {@link dev.runnel.net.http1.ReadBuffer} and {@link dev.runnel.net.http1.RequestFault}.
 */
@NullMarked
package dev.runnel.net.http1;

import org.jspecify.annotations.NullMarked;
