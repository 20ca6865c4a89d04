package dev.runnel.http;

import dev.runnel.client.GenerationClient;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.message.Status;
import dev.runnel.resume.KeptGeneration;
import dev.runnel.resume.KeptGenerations;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Finds the kept response that a path names, for the caller of the request. */
final class KnownResponses {

    private final KeptGenerations kept;
    private final GenerationClient client;

    KnownResponses(KeptGenerations kept, GenerationClient client) {
        this.kept = kept;
        this.client = client;
    }

    /**
     * Finds it.
     *
     * @return fails with a {@link RefusedException}: 409 for a generation that runs and is not kept, else 404
     */
    Future<KeptGeneration> find(RoutingContext context) {
        String owner = AuthenticatedCaller.of(context).caller().owner();
        String id = context.pathParam("id");
        Optional<KeptGeneration> found = kept.find(id, owner);
        if (found.isPresent()) {
            return found.get().request().isKept()
                    ? Future.succeededFuture(found.get())
                    : Future.failedFuture(new RefusedException(ErrorResponse.unknownGeneration()));
        }
        return client.look(id, owner).compose(status -> Future.failedFuture(new RefusedException(notKept(status))));
    }

    private static ErrorResponse notKept(Status status) {
        return status.phase() == Status.Phase.UNKNOWN
                ? ErrorResponse.unknownGeneration()
                : ErrorResponse.conflict(
                        "not_resumable",
                        "generation: is not kept (expected: the id of a response that was requested with background:"
                                + " true)",
                        0);
    }
}
