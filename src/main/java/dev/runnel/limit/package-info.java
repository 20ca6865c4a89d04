/**
 * Decides whether a key may start one more generation, and charges what the generation used. It must not know the
 * caller that holds a key, nor the text it generates: a key is an id and an allowance. Its public types are {@link
 * dev.runnel.limit.Limiter} and {@link dev.runnel.limit.MeteredLimiter} with {@link dev.runnel.limit.LocalLimiter},
 * {@link dev.runnel.limit.Demand}, {@link dev.runnel.limit.LimitDecision}, {@link dev.runnel.limit.Permit}, {@link
 * dev.runnel.limit.LimitState} and {@link dev.runnel.limit.Window}. A {@link dev.runnel.limit.LimitStep} on a {@link
 * dev.runnel.limit.StoredLedger}, with its {@link dev.runnel.limit.LimitAnswer}, is the same decision where a cluster
 * keeps the ledgers.
 */
@NullMarked
package dev.runnel.limit;

import org.jspecify.annotations.NullMarked;
