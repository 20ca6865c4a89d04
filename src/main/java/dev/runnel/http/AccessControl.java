package dev.runnel.http;

import dev.runnel.auth.Authenticator;
import dev.runnel.auth.Plans;
import dev.runnel.auth.Revocations;
import dev.runnel.limit.Limiter;
import dev.runnel.metric.LimitMeters;
import java.util.function.Supplier;

/**
 * The keys that may use the service, and their limits.
 *
 * @param authenticators supplies one to each verticle instance
 * @param limiter the one of the process
 * @param settlements the one of the process
 */
public record AccessControl(
        Supplier<Authenticator> authenticators,
        Revocations revocations,
        Plans plans,
        Limiter limiter,
        LimitMeters meters,
        Settlements settlements) {}
