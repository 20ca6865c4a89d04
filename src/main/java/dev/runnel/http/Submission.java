package dev.runnel.http;

import dev.runnel.client.ClientGeneration;
import dev.runnel.client.GenerationClient;
import dev.runnel.http.error.RefusedException;
import dev.runnel.limit.Permit;
import io.vertx.core.Future;

/** What both POST routes do next: see whether the key's limits allow a request, and ask the generators for it. */
final class Submission {

    private final Limits limits;
    private final GenerationClient client;
    private final Settlements open;

    Submission(Limits limits, GenerationClient client, Settlements open) {
        this.limits = limits;
        this.client = client;
        this.open = open;
    }

    /**
     * Submits a request; whatever comes of it, its permit is settled once.
     *
     * @return fails with a {@link RefusedException} or {@link dev.runnel.text.GenerationException}
     */
    Future<ClientGeneration> submit(RequestValidator.ValidatedRequest order) {
        // The key was good when the request came; its body may have taken a while.
        return open.isRevoked(order.caller().keyId())
                ? Future.failedFuture(Settlements.revoked())
                : limits.admit(order.context().response(), order.caller(), order.demand())
                        .compose(permit -> submit(order, permit));
    }

    private Future<ClientGeneration> submit(RequestValidator.ValidatedRequest order, Permit permit) {
        return Future.<Void>succeededFuture()
                .compose(admitted -> client.submit(order.generation()))
                .onSuccess(generation ->
                        open.follow(generation, new Reservation(order.caller().keyId(), permit, order.demand())))
                .recover(refusal -> neverStarted(order, permit, refusal));
    }

    private <T> Future<T> neverStarted(RequestValidator.ValidatedRequest order, Permit permit, Throwable refusal) {
        permit.settle(0);
        return limits.tell(order.context()).transform(told -> Future.failedFuture(refusal));
    }
}
