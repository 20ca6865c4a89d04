package dev.runnel.http;

import dev.runnel.auth.Authenticator;
import dev.runnel.auth.Caller;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** Lets a request pass whose key is good, and remembers whose it is. */
final class Authentication implements Handler<RoutingContext> {

    private static final String CALLER = "runnel.caller";

    private final Authenticator authenticator;
    private final ErrorWriter errors;

    Authentication(Authenticator authenticator, ErrorWriter errors) {
        this.authenticator = authenticator;
        this.errors = errors;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.method().equals(HttpMethod.POST)) {
            // Not a byte of the body is taken before it is known who sends it.
            request.pause();
        }
        authenticator
                .authenticate(request.getHeader("Authorization"))
                .onSuccess(caller -> {
                    context.put(CALLER, caller);
                    context.next();
                })
                .onFailure(refusal -> errors.write(request, refusal));
    }

    /** Who sent a request that passed. */
    static Caller caller(RoutingContext context) {
        Caller caller = context.get(CALLER);
        if (caller == null) {
            throw new IllegalStateException("a route under /v1 without authentication");
        }
        return caller;
    }
}
