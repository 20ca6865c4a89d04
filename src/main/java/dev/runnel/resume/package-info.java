/**
 * Resumable generations: which idempotency key stands for which generation, their texts and their readers. It must not
 * know HTTP.
 *
 * <p>The room {@code http} uses {@link dev.runnel.resume.KeptGenerations}, of which there is one in the process, and
 * {@link dev.runnel.resume.Guardian}, of which each verticle instance has one.
 */
@NullMarked
package dev.runnel.resume;

import org.jspecify.annotations.NullMarked;
