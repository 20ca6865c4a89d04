package dev.runnel.http;

import dev.runnel.auth.AuthException;
import dev.runnel.auth.Authenticator;
import dev.runnel.auth.Caller;
import dev.runnel.auth.Plans;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.FieldReader;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Lets a request pass whose key is good, and remembers whose it is and what they may use. */
final class Authentication implements Handler<RoutingContext> {

    private static final String CALLER = "runnel.caller";

    private final Authenticator authenticator;
    private final Plans plans;
    private final Limits limits;
    private final ErrorWriter errors;
    private final RequestLog log;

    Authentication(Authenticator authenticator, Plans plans, Limits limits, ErrorWriter errors, RequestLog log) {
        this.authenticator = authenticator;
        this.plans = plans;
        this.limits = limits;
        this.errors = errors;
        this.log = log;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.method().equals(HttpMethod.POST)) {
            // Not a byte of the body is taken before it is known who sends it.
            request.pause();
        }
        identified(request)
                .onSuccess(caller -> log.identified(request, caller.keyId()))
                .map(this::known)
                .onSuccess(caller -> context.put(CALLER, caller))
                .compose(caller -> limits.tell(context))
                .onSuccess(told -> goOn(context))
                .onFailure(refusal -> errors.write(request, refusal));
    }

    /** Keys may have had to be fetched for it: nobody answers a client that left meanwhile. */
    private static void goOn(RoutingContext context) {
        if (!context.response().closed()) {
            context.next();
        }
    }

    private Future<Caller> identified(HttpServerRequest request) {
        List<String> keys = request.headers().getAll("Authorization");
        // Whoever stands in front of us may have looked at the other one.
        return keys.size() > 1
                ? Future.failedFuture(new AuthException("Authorization: given twice (expected: once)"))
                : authenticator.authenticate(keys.isEmpty() ? null : keys.get(0));
    }

    private AuthenticatedCaller known(Caller caller) {
        return plans.allowanceOf(caller)
                .map(allowance -> new AuthenticatedCaller(caller, allowance))
                .orElseThrow(() -> new RefusedException(ErrorResponse.forbidden(
                        null,
                        "This service has no plan \"" + FieldReader.cut(caller.plan())
                                + "\", which the API key names: ask for a new one")));
    }

    /** Who sent a request that passed. */
    static AuthenticatedCaller caller(RoutingContext context) {
        AuthenticatedCaller caller = context.get(CALLER);
        if (caller == null) {
            throw new IllegalStateException("a route under /v1 without authentication");
        }
        return caller;
    }
}
