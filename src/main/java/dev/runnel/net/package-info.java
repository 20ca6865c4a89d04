/**
 * What Vert.x's API does not offer: connections and event loops as Netty sees them, a check of the current context, and
 * PEM. Also timers that are armed again, and the names of HTTP methods for metrics. It must not know any HTTP message
 * or the bus.
 *
 * <p>Other rooms use {@link dev.runnel.net.AcceptTransport}, {@link dev.runnel.net.AcceptedConnection},
 * {@link dev.runnel.net.NettyConnection}, {@link dev.runnel.net.ContextLoop},
 * {@link dev.runnel.net.OnContext}, {@link dev.runnel.net.KnownMethods}, {@link dev.runnel.net.Pem},
 * {@link dev.runnel.net.Deadline} and {@link dev.runnel.net.ReschedulingTimer}.
 */
@NullMarked
package dev.runnel.net;

import org.jspecify.annotations.NullMarked;
