/**
 * Prepares the JVM: settings of its compilers and its heap, and a warm-up that drives a second service in this process.
 * A training makes an AOT cache for later starts. The room must not know how requests are served; it uses HTTP like any
 * client.
 *
 * <p>Other rooms use {@link dev.runnel.warmup.WarmUp}, {@link dev.runnel.warmup.JvmCompilers},
 * {@link dev.runnel.warmup.JvmHeap}, {@link dev.runnel.warmup.JvmAot}, {@link dev.runnel.warmup.AotCache},
 * {@link dev.runnel.warmup.AotTraining} and {@link dev.runnel.warmup.AotTrainingException}.
 */
@NullMarked
package dev.runnel.warmup;

import org.jspecify.annotations.NullMarked;
