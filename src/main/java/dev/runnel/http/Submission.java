package dev.runnel.http;

import dev.runnel.client.ClientGeneration;
import dev.runnel.client.GenerationClient;
import dev.runnel.http.error.RefusedException;
import dev.runnel.limit.Permit;
import io.vertx.core.Future;

/**
 * Applies the key's limits to a valid request and submits it to the generators: the second step of both POST routes.
 */
final class Submission {

    private final Limits limits;
    private final GenerationClient client;
    private final RevokedGenerations revoked;
    private final Settlements settlements;

    Submission(Limits limits, GenerationClient client, RevokedGenerations revoked, Settlements settlements) {
        this.limits = limits;
        this.client = client;
        this.revoked = revoked;
        this.settlements = settlements;
    }

    /**
     * Submits a request. Its permit is settled once, whatever happens. Then the memory of its body is given back.
     *
     * @return fails with a {@link RefusedException} or {@link dev.runnel.text.GenerationException}
     */
    Future<ClientGeneration> submit(RequestValidator.ValidatedRequest valid) {
        // The key may have been revoked while the body arrived.
        Future<ClientGeneration> submitted = revoked.isRevoked(valid.caller().keyId())
                ? Future.failedFuture(RevokedGenerations.refusal())
                : limits.admit(valid.context().response(), valid.caller(), valid.demand())
                        .compose(permit -> submit(valid, permit));
        return submitted.onFailure(refusal -> valid.body().close());
    }

    private Future<ClientGeneration> submit(RequestValidator.ValidatedRequest valid, Permit permit) {
        return Future.<Void>succeededFuture()
                .compose(admitted ->
                        client.submit(valid.generation(), valid.context().response()::closed))
                .onSuccess(generation -> accepted(generation, valid, permit))
                .recover(refusal -> refused(valid, permit, refusal));
    }

    private void accepted(ClientGeneration generation, RequestValidator.ValidatedRequest valid, Permit permit) {
        settlements
                .follow(generation, permit, valid.demand())
                .onComplete(settled -> valid.body().close());
        revoked.follow(generation, valid.caller().keyId());
    }

    private <T> Future<T> refused(RequestValidator.ValidatedRequest valid, Permit permit, Throwable refusal) {
        permit.settle(0);
        return limits.addHeaders(valid.context()).transform(added -> Future.failedFuture(refusal));
    }
}
