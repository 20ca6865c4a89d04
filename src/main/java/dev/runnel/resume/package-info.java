/**
 * Resumable generations: which idempotency key stands for which generation, their texts and their readers. It must not
 * know HTTP.
 *
 * <p>The room {@code http} uses {@link dev.runnel.resume.KeptGenerations}, of which there is one in the process, and
 * {@link dev.runnel.resume.Guardian}, of which each verticle instance has one. A {@link
 * dev.runnel.resume.ClaimRequest} asks for a key, and a {@link dev.runnel.resume.ClaimAnswer} brings a {@link
 * dev.runnel.resume.Claim} or a {@link dev.runnel.resume.KeptGeneration}. An {@link dev.runnel.resume.Attachment} reads
 * it, unless an {@link dev.runnel.resume.AttachException} says why not. A {@link dev.runnel.resume.KeptRequest} is what
 * is kept of a request, with a {@link dev.runnel.resume.KeptTurn} for each turn. {@link dev.runnel.resume.KeyClaims}
 * claims a key for all nodes. The room {@code cluster} implements the {@link dev.runnel.resume.GenerationDirectory}, in
 * which the generations of other nodes are found, with its {@link dev.runnel.resume.SharedKeys}.
 */
@NullMarked
package dev.runnel.resume;

import org.jspecify.annotations.NullMarked;
