/**
 * Connections of a port: limits, TLS, compression, deadlines, ids of requests, headers, unread bodies and the drain. It
 * must not know what a request asks for.
 *
 * <p>Other rooms use {@link dev.runnel.http.connection.AcceptedConnections},
 * {@link dev.runnel.http.connection.Connections},
 * {@link dev.runnel.http.connection.ConnectionAccount}, {@link dev.runnel.http.connection.ConnectionLimits},
 * {@link dev.runnel.http.connection.ConnectionDeadlines}, {@link dev.runnel.http.connection.Compressors},
 * {@link dev.runnel.http.connection.HeadAwareResponse}, {@link dev.runnel.http.connection.HeadLimits},
 * {@link dev.runnel.http.connection.HeaderCursor}, {@link dev.runnel.http.connection.ListenException},
 * {@link dev.runnel.http.connection.ManagementConnections},
 * {@link dev.runnel.http.connection.RequestDrainer}, {@link dev.runnel.http.connection.RequestId} and
 * {@link dev.runnel.http.connection.Tls}.
 */
@NullMarked
package dev.runnel.http.connection;

import org.jspecify.annotations.NullMarked;
