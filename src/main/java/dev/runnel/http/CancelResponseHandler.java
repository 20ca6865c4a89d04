package dev.runnel.http;

import dev.runnel.client.GenerationClient;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.resume.Guardian;
import dev.runnel.resume.KeptGeneration;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;

/** Cancels a kept response, and answers with its state. One that has ended stays as it is. */
final class CancelResponseHandler {

    /** Longer than a cancelled generation takes to end, unless its generator is stuck. */
    private static final int PATIENCE_SECONDS = 5;

    private final Vertx vertx;
    private final KnownResponses responses;
    private final GenerationClient client;
    private final Guardian guardian;
    private final ResponseStates states;
    private final ErrorWriter errors;

    CancelResponseHandler(
            Vertx vertx,
            KnownResponses responses,
            GenerationClient client,
            Guardian guardian,
            ResponseStates states,
            ErrorWriter errors) {
        this.vertx = vertx;
        this.responses = responses;
        this.client = client;
        this.guardian = guardian;
        this.states = states;
        this.errors = errors;
    }

    Endpoint endpoint() {
        return Endpoint.cancel("/v1/responses/:id/cancel", ErrorForm.OPENAI, this::handle);
    }

    private void handle(RoutingContext context) {
        // It has no members. A body is discarded.
        context.request().resume();
        responses
                .find(context)
                .compose(response ->
                        response.outcome().isPresent() ? Future.succeededFuture(response) : cancel(response))
                .onSuccess(response -> states.send(context, response))
                .onFailure(refusal -> errors.write(context, refusal));
    }

    /** The reader only waits for the end. Without it, the answer may say that the response still runs. */
    private Future<KeptGeneration> cancel(KeptGeneration response) {
        Context lane = vertx.getOrCreateContext();
        return client.delete(response.id(), response.facts().owner())
                .compose(known -> guardian.attach(response))
                // The time limit may end on another thread.
                .compose(reader -> reader.end()
                        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .onComplete(ended -> lane.runOnContext(turn -> reader.leave())))
                .transform(ended -> Future.succeededFuture(response));
    }
}
