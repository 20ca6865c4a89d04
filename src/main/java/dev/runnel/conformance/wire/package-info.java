/**
 * The client side of HTTP/1.1 and Server-Sent Events, byte by byte, so that a case sees what a server really sends. It
 * must not know any case, and nothing of the service: it uses the JDK and Jackson only. Its public types are
 * {@link dev.runnel.conformance.wire.Target}, {@link dev.runnel.conformance.wire.Wire},
 * {@link dev.runnel.conformance.wire.Request}, {@link dev.runnel.conformance.wire.Answer},
 * {@link dev.runnel.conformance.wire.Head}, {@link dev.runnel.conformance.wire.Header},
 * {@link dev.runnel.conformance.wire.EventLines}, {@link dev.runnel.conformance.wire.Json},
 * {@link dev.runnel.conformance.wire.Transcript}, {@link dev.runnel.conformance.wire.Unmet} and
 * {@link dev.runnel.conformance.wire.AnnouncedCloseException}.
 */
@NullMarked
package dev.runnel.conformance.wire;

import org.jspecify.annotations.NullMarked;
