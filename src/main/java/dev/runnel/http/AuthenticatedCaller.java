package dev.runnel.http;

import dev.runnel.auth.Caller;
import dev.runnel.config.Allowance;
import io.vertx.ext.web.RoutingContext;

/**
 * The caller that sent a request, and its allowance.
 *
 * @param allowance the plan, narrowed by the key's own claims
 * @param share the plan's, of a model's places to run
 */
record AuthenticatedCaller(Caller caller, Allowance allowance, double share) {

    private static final String KEY = "runnel.caller";

    String keyId() {
        return caller.keyId();
    }

    /** Notes the caller of a request. {@link Authentication} does so. */
    void note(RoutingContext context) {
        context.put(KEY, this);
    }

    /** The caller of a request that passed authentication. */
    static AuthenticatedCaller of(RoutingContext context) {
        AuthenticatedCaller caller = context.get(KEY);
        if (caller == null) {
            throw new IllegalStateException("a route under /v1 without authentication");
        }
        return caller;
    }
}
