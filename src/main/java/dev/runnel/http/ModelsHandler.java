package dev.runnel.http;

import dev.runnel.http.connection.HeadAwareResponse;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.request.ModelChoice;
import dev.runnel.message.ModelState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;

/**
 * Shows the models that a key may use. One document serves clients of Runnel, which read {@code models}, and those of
 * OpenAI's API, which read {@code data}.
 */
final class ModelsHandler {

    private static final String NAME = "name";

    private final ModelChoice models;
    private final ErrorWriter errors;

    ModelsHandler(ModelChoice models, ErrorWriter errors) {
        this.models = models;
        this.errors = errors;
    }

    /** All of them. */
    Endpoint list() {
        return Endpoint.get("/v1/models", this::list);
    }

    /** One of them. */
    Endpoint one() {
        return Endpoint.get("/v1/models/:" + NAME, this::one);
    }

    private void list(RoutingContext context) {
        List<ModelState> allowed =
                models.allowed(AuthenticatedCaller.of(context).allowance());
        answer(
                context,
                new JsonObject()
                        .put("object", "list")
                        .put("data", array(allowed, ModelsHandler::openAiEntry))
                        .put("models", array(allowed, ModelsHandler::entry)));
    }

    private void one(RoutingContext context) {
        String name = context.pathParam(NAME);
        models.allowed(AuthenticatedCaller.of(context).allowance(), name)
                .ifPresentOrElse(
                        model -> answer(context, openAiEntry(model)),
                        () -> errors.write(context, ErrorResponse.unknownModel(name)));
    }

    private static void answer(RoutingContext context, JsonObject document) {
        context.response().putHeader("Content-Type", "application/json");
        HeadAwareResponse.end(context.request(), document.toBuffer());
    }

    private static JsonArray array(List<ModelState> models, Function<ModelState, JsonObject> entry) {
        return new JsonArray(models.stream().map(entry).toList());
    }

    private static JsonObject openAiEntry(ModelState model) {
        return new JsonObject()
                .put("id", model.name())
                .put("object", "model")
                .put("created", model.createdSeconds())
                .put("owned_by", "runnel");
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
