/**
 * What a case works with: the server, keys and models of a run, and the form of a case and its result. It must not know
 * any single case. Its public types are {@link dev.runnel.conformance.session.Setup}, {@link
 * dev.runnel.conformance.session.Session}, {@link dev.runnel.conformance.session.Case}, {@link
 * dev.runnel.conformance.session.Need}, {@link dev.runnel.conformance.session.Probes}, {@link
 * dev.runnel.conformance.session.Body}, {@link dev.runnel.conformance.session.Expect}, {@link
 * dev.runnel.conformance.session.Result}, {@link dev.runnel.conformance.session.Verdict}, {@link
 * dev.runnel.conformance.session.CaseList}, {@link dev.runnel.conformance.session.NotRun}, {@link
 * dev.runnel.conformance.session.KeyRole} and {@link dev.runnel.conformance.session.ModelRole}.
 */
@NullMarked
package dev.runnel.conformance.session;

import org.jspecify.annotations.NullMarked;
