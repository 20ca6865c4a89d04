/**
 * What Vert.x's API does not offer: connections as Netty sees them, timers that are armed again, and PEM. It must not
 * know any HTTP message or the bus.
 *
 * <p>Other rooms use {@link dev.runnel.net.NettyConnection}, {@link dev.runnel.net.Pem} and
 * {@link dev.runnel.net.ReschedulingTimer}.
 */
@NullMarked
package dev.runnel.net;

import org.jspecify.annotations.NullMarked;
