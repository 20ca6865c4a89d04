package dev.runnel.http;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.limit.Demand;
import dev.runnel.limit.LimitDecision;
import dev.runnel.limit.LimitDecision.Admitted;
import dev.runnel.limit.LimitDecision.Refused;
import dev.runnel.limit.LimitState;
import dev.runnel.limit.Limiter;
import dev.runnel.limit.Permit;
import dev.runnel.limit.Window;
import dev.runnel.metric.LimitMeters;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Applies the limits of keys to HTTP requests: refusals, and the {@code x-ratelimit-…} headers. */
final class Limits {

    private static final String ASKED_BY_ENDPOINT = "runnel.limitsAskedByEndpoint";

    private static final Headers REQUESTS = Headers.of("requests");
    private static final Headers TOKENS = Headers.of("tokens");

    private final Limiter limiter;
    private final LimitMeters meters;

    /** The headers of one limit. Their names are hashed and encoded once, not for each response. */
    private record Headers(CharSequence limit, CharSequence remaining, CharSequence reset) {

        static Headers of(String unit) {
            return new Headers(name("limit", unit), name("remaining", unit), name("reset", unit));
        }

        private static CharSequence name(String what, String unit) {
            return HttpHeaders.createOptimized("x-ratelimit-" + what + "-" + unit);
        }

        void addTo(HttpServerResponse response, Optional<Window> window) {
            window.ifPresent(now -> response.putHeader(limit, Integer.toString(now.limit()))
                    .putHeader(remaining, Integer.toString(now.remaining()))
                    .putHeader(reset, Long.toString(now.resetSeconds())));
        }
    }

    Limits(Limiter limiter, LimitMeters meters) {
        this.limiter = limiter;
        this.meters = meters;
    }

    /** Notes that the endpoint of a request asks the limits itself. {@link Routes} does so. */
    static void noteAskedByEndpoint(RoutingContext context) {
        context.put(ASKED_BY_ENDPOINT, true);
    }

    /** Whether the endpoint of a request asks the limits itself, if the caller may use it. */
    static boolean areAskedByEndpoint(RoutingContext context) {
        return context.get(ASKED_BY_ENDPOINT, false);
    }

    /**
     * Requests one generation, and puts what then remains into the response's headers.
     *
     * @return a permit that must be settled; fails with a {@link RefusedException}
     */
    Future<Permit> admit(HttpServerResponse response, AuthenticatedCaller caller, Demand demand) {
        return limiter.admit(caller.keyId(), caller.allowance(), demand).map(decision -> {
            addHeaders(response, decision.state());
            return permit(caller, decision);
        });
    }

    private Permit permit(AuthenticatedCaller caller, LimitDecision decision) {
        if (decision instanceof Admitted admitted) {
            meters.admitted();
            return admitted.permit();
        }
        Refused refused = (Refused) decision;
        meters.refused(caller.keyId(), refused.reason());
        throw new RefusedException(ErrorResponse.of(refused));
    }

    Future<LimitState> state(AuthenticatedCaller caller) {
        return limiter.state(caller.keyId(), caller.allowance());
    }

    /** Puts what remains for the caller now into the response's headers, unless they are already sent. */
    Future<Void> addHeaders(RoutingContext context) {
        HttpServerResponse response = context.response();
        return areSent(response)
                ? Future.succeededFuture()
                : state(AuthenticatedCaller.of(context))
                        .onSuccess(state -> addHeaders(response, state))
                        .mapEmpty();
    }

    /** Puts what remains for the caller now into the response's headers, before a request is refused. */
    <T> Future<T> refused(RoutingContext context, Throwable refusal) {
        return addHeaders(context).transform(added -> Future.failedFuture(refusal));
    }

    private static boolean areSent(HttpServerResponse response) {
        return response.headWritten() || response.closed();
    }

    /** The head may have been sent while the limiter decided. Then Vert.x would throw. */
    private static void addHeaders(HttpServerResponse response, LimitState state) {
        if (!areSent(response)) {
            REQUESTS.addTo(response, state.requests());
            TOKENS.addTo(response, state.tokens());
        }
    }
}
