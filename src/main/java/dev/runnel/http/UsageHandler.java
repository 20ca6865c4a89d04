package dev.runnel.http;

import dev.runnel.http.connection.HeadAwareResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.limit.LimitState;
import dev.runnel.limit.Window;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers with what remains of a key's limits; {@code null} where it is unlimited. */
final class UsageHandler {

    private final Limits limits;
    private final ErrorWriter errors;

    UsageHandler(Limits limits, ErrorWriter errors) {
        this.limits = limits;
        this.errors = errors;
    }

    Endpoint endpoint() {
        return Endpoint.get("/v1/usage", this::handle);
    }

    private void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        AuthenticatedCaller caller = AuthenticatedCaller.of(context);
        limits.state(caller)
                .onSuccess(state -> {
                    request.response().putHeader("Content-Type", "application/json");
                    HeadAwareResponse.end(request, body(caller, state).toBuffer());
                })
                .onFailure(failure -> errors.write(context, failure));
    }

    private static JsonObject body(AuthenticatedCaller caller, LimitState state) {
        return new JsonObject()
                .put("subject", caller.caller().subject())
                .put("plan", caller.caller().plan())
                .put("requests", window(state.requests()))
                .put("tokens", window(state.tokens()))
                .put("generations", generations(state));
    }

    private static @Nullable JsonObject window(Optional<Window> window) {
        return window.map(now -> new JsonObject()
                        .put("limit", now.limit())
                        .put("remaining", now.remaining())
                        .put("resetSeconds", now.resetSeconds()))
                .orElse(null);
    }

    private static @Nullable JsonObject generations(LimitState state) {
        return state.generations().isPresent()
                ? new JsonObject().put("limit", state.generations().getAsInt()).put("running", state.running())
                : null;
    }
}
