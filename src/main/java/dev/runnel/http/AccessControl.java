package dev.runnel.http;

import dev.runnel.auth.Authenticator;
import dev.runnel.auth.Plans;
import dev.runnel.auth.Revocations;
import dev.runnel.limit.Limiter;
import dev.runnel.metric.LimitMeters;
import java.util.function.Supplier;

/**
 * Who may use the service, and how much.
 *
 * @param authenticators gives each verticle instance its own
 * @param limiter the one of the process
 */
public record AccessControl(
        Supplier<Authenticator> authenticators,
        Revocations revocations,
        Plans plans,
        Limiter limiter,
        LimitMeters meters) {}
