/**
 * Runs the conformance suite against any server of the contract and shows the results. It must not know anything of the
 * service: no other room, no Vert.x, only the JDK and Jackson. Its public types are {@link
 * dev.runnel.conformance.Conformance}, {@link dev.runnel.conformance.Options}, {@link
 * dev.runnel.conformance.Selection}, {@link dev.runnel.conformance.Suite} and {@link
 * dev.runnel.conformance.Trust}.
 */
@NullMarked
package dev.runnel.conformance;

import org.jspecify.annotations.NullMarked;
