/**
 * Prepares the JVM: settings of its compilers and its heap, and a warm-up that drives a second service in this process.
 * It must not know how requests are served; it uses HTTP like any client.
 *
 * <p>Other rooms use {@link dev.runnel.warmup.WarmUp}, {@link dev.runnel.warmup.JvmCompilers} and
 * {@link dev.runnel.warmup.JvmHeap}.
 */
@NullMarked
package dev.runnel.warmup;

import org.jspecify.annotations.NullMarked;
