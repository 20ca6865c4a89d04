package dev.runnel.http;

import dev.runnel.client.GenerationClient;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.resume.Guardian;
import dev.runnel.resume.KeptGenerations;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** Cancels a running generation. Of a resumable one that ended by itself it deletes text and idempotency key. */
final class DeleteHandler {

    private final KeptGenerations kept;
    private final GenerationClient client;
    private final Guardian guardian;
    private final ErrorWriter errors;

    DeleteHandler(KeptGenerations kept, GenerationClient client, Guardian guardian, ErrorWriter errors) {
        this.kept = kept;
        this.client = client;
        this.guardian = guardian;
        this.errors = errors;
    }

    /** The endpoint at a path with the parameter {@code id}. */
    Endpoint endpoint(String path, ErrorForm errorForm) {
        return Endpoint.delete(path, errorForm, this::handle);
    }

    private void handle(RoutingContext context) {
        String owner = AuthenticatedCaller.of(context).caller().owner();
        String id = context.pathParam("id");
        client.delete(id, owner)
                .transform(asked -> kept.delete(id, owner) || Boolean.TRUE.equals(asked.result())
                        ? Future.succeededFuture(true)
                        : deleteElsewhere(id, owner, asked))
                .onSuccess(isKnown -> answer(context, isKnown))
                .onFailure(failure -> errors.write(context, failure));
    }

    /** @param asked what the generators have answered: not all of them may have */
    private Future<Boolean> deleteElsewhere(String id, String owner, AsyncResult<Boolean> asked) {
        return guardian.deleteElsewhere(id, owner)
                .recover(Readers::silent)
                .compose(isKnown -> isKnown || asked.succeeded()
                        ? Future.succeededFuture(isKnown)
                        : Future.failedFuture(asked.cause()));
    }

    private void answer(RoutingContext context, boolean isKnown) {
        if (!isKnown) {
            errors.write(context, ErrorResponse.unknownGeneration());
        } else if (!context.response().closed()) {
            context.response().setStatusCode(204).end();
        }
    }
}
