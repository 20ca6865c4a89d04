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
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** The limits of keys as HTTP knows them: refusals, and the {@code x-ratelimit-…} headers. */
final class Limits {

    private final Limiter limiter;
    private final LimitMeters meters;

    Limits(Limiter limiter, LimitMeters meters) {
        this.limiter = limiter;
        this.meters = meters;
    }

    /**
     * Asks for one generation, and notes in the response's headers what is left behind it.
     *
     * @return must be settled; fails with a {@link RefusedException}
     */
    Future<Permit> admit(HttpServerResponse response, AuthenticatedCaller caller, Demand demand) {
        return limiter.admit(caller.keyId(), caller.allowance(), demand).map(decision -> {
            note(response, decision.state());
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

    /** Notes in the headers how the caller stands now, unless they have gone out. */
    Future<Void> tell(RoutingContext context) {
        HttpServerResponse response = context.response();
        return response.headWritten() || response.closed()
                ? Future.succeededFuture()
                : state(Authentication.caller(context))
                        .onSuccess(state -> note(response, state))
                        .mapEmpty();
    }

    private static void note(HttpServerResponse response, LimitState state) {
        note(response, "requests", state.requests());
        note(response, "tokens", state.tokens());
    }

    private static void note(HttpServerResponse response, String what, Optional<Window> window) {
        window.ifPresent(now -> response.putHeader("x-ratelimit-limit-" + what, Integer.toString(now.limit()))
                .putHeader("x-ratelimit-remaining-" + what, Integer.toString(now.remaining()))
                .putHeader("x-ratelimit-reset-" + what, Long.toString(now.resetSeconds())));
    }
}
