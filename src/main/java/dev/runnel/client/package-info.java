/**
 * The client that any verticle uses to generate text, the HTTP verticle included. It submits a request over the bus and
 * gives a stream of deltas, the end, the account and a cancel. It must not know which engine produces the text.
 *
 * <p>Public API: {@link dev.runnel.client.GenerationClient}, {@link dev.runnel.client.GenerationRequest} and
 * {@link dev.runnel.client.ClientGeneration}. Generators use {@link dev.runnel.client.Inbox},
 * {@link dev.runnel.client.OpenWrites}, {@link dev.runnel.client.SameLoop}, {@link dev.runnel.client.OpenSubmits} and
 * {@link dev.runnel.client.TextSoFarBuilder}, and {@link dev.runnel.client.PublishDecision}; the room {@code resume}
 * uses {@link dev.runnel.client.FurtherReaders}. Both use {@link dev.runnel.client.BusFailures}, and that room
 * {@link dev.runnel.client.RepeatedSend}. Generators and the room {@code cluster} use
 * {@link dev.runnel.client.OtherNodes}, which report to a {@link dev.runnel.client.ContinuationListener} and have a
 * {@link dev.runnel.client.CopyAccount}. They have the {@link dev.runnel.client.Fence} of this process, its
 * {@link dev.runnel.client.SoughtGenerations} and its {@link dev.runnel.client.SentNumbers}.
 */
@NullMarked
package dev.runnel.client;

import org.jspecify.annotations.NullMarked;
