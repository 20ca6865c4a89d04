package dev.runnel.http;

import dev.runnel.auth.AuthException;
import dev.runnel.auth.Authenticator;
import dev.runnel.auth.Caller;
import dev.runnel.auth.Plans;
import dev.runnel.auth.Scope;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.error.RefusedException;
import dev.runnel.text.Quote;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.BiConsumer;

/** Passes on a request whose key is valid, and notes its {@link AuthenticatedCaller}. Refuses any other. */
final class Authentication implements Handler<RoutingContext> {

    private final Authenticator authenticator;
    private final Plans plans;
    private final Limits limits;
    private final ErrorWriter errors;
    private final BiConsumer<HttpServerRequest, Caller> authenticated;

    /** @param authenticated receives each request whose key is valid, before the key's plan is looked up */
    Authentication(
            Authenticator authenticator,
            Plans plans,
            Limits limits,
            ErrorWriter errors,
            BiConsumer<HttpServerRequest, Caller> authenticated) {
        this.authenticator = authenticator;
        this.plans = plans;
        this.limits = limits;
        this.errors = errors;
        this.authenticated = authenticated;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.method().equals(HttpMethod.POST)) {
            // No byte of the body is read before the caller is known.
            request.pause();
        }
        authenticate(request)
                .onSuccess(caller -> authenticated.accept(request, caller))
                .map(this::withAllowance)
                .onSuccess(caller -> caller.note(context))
                .compose(
                        caller -> isAskedLater(context, caller) ? Future.succeededFuture() : limits.addHeaders(context))
                .onSuccess(added -> proceed(context))
                .onFailure(refusal -> errors.write(context, refusal));
    }

    /** Asking costs a call to another node in a cluster, and the admission of a generation has the same answer. */
    private static boolean isAskedLater(RoutingContext context, AuthenticatedCaller caller) {
        return Limits.areAskedByEndpoint(context) && caller.caller().may(Scope.GENERATE);
    }

    /** The client may have left while the issuer's keys were fetched. Then the request ends here. */
    private static void proceed(RoutingContext context) {
        if (!context.response().closed()) {
            context.next();
        }
    }

    private Future<Caller> authenticate(HttpServerRequest request) {
        List<String> keys = request.headers().getAll("Authorization");
        // A proxy in front may have checked the other one.
        return keys.size() > 1
                ? Future.failedFuture(new AuthException("Authorization: given twice (expected: once)"))
                : authenticator.authenticate(keys.isEmpty() ? null : keys.get(0));
    }

    private AuthenticatedCaller withAllowance(Caller caller) {
        return plans.allowanceOf(caller)
                .map(allowance -> new AuthenticatedCaller(caller, allowance, plans.shareOf(caller)))
                .orElseThrow(() -> new RefusedException(ErrorResponse.forbidden(
                        null,
                        "plan: \"" + Quote.cut(caller.plan())
                                + "\" (expected: a plan of this service; ask the operator for a new API key)")));
    }
}
