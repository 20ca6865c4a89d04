package dev.runnel.http;

import dev.runnel.http.connection.HeadAwareResponse;
import dev.runnel.http.request.ModelChoice;
import dev.runnel.message.ModelState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Lists the models that a key may use. */
final class ModelsHandler {

    private final ModelChoice models;

    ModelsHandler(ModelChoice models) {
        this.models = models;
    }

    Endpoint endpoint() {
        return Endpoint.get("/v1/models", this::handle);
    }

    private void handle(RoutingContext context) {
        List<JsonObject> entries = models
                .allowed(AuthenticatedCaller.of(context).allowance())
                .stream()
                .map(ModelsHandler::entry)
                .toList();
        context.response().putHeader("Content-Type", "application/json");
        HeadAwareResponse.end(
                context.request(),
                new JsonObject().put("models", new JsonArray(entries)).toBuffer());
    }

    /** Without the problem: that is for the operator. */
    private static JsonObject entry(ModelState model) {
        return new JsonObject()
                .put("name", model.name())
                .put("default", model.isDefault())
                .put("available", model.available())
                .put("contextTokens", model.contextTokens())
                .put("maxTokens", model.maxTokens());
    }
}
