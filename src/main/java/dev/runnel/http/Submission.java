package dev.runnel.http;

import dev.runnel.client.ClientGeneration;
import dev.runnel.client.GenerationClient;
import dev.runnel.client.GenerationRequest;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.limit.Permit;
import dev.runnel.message.Cancel;
import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Applies the key's limits to a valid request and submits it to the generators: the second step of each POST route.
 */
final class Submission {

    /** What generators and engines call the turns. */
    private static final String PROMPT = "prompt";

    private final Limits limits;
    private final GenerationClient client;
    private final RevokedGenerations revoked;
    private final Settlements settlements;
    private final BooleanSupplier draining;

    /** @param draining whether new generations are refused */
    Submission(
            Limits limits,
            GenerationClient client,
            RevokedGenerations revoked,
            Settlements settlements,
            BooleanSupplier draining) {
        this.limits = limits;
        this.client = client;
        this.revoked = revoked;
        this.settlements = settlements;
        this.draining = draining;
    }

    /**
     * Submits a request. Its permit is settled once, whatever happens. Then the memory of its body is given back.
     *
     * @return fails with a {@link RefusedException} or {@link dev.runnel.text.GenerationException}
     */
    Future<ClientGeneration> submit(RequestValidator.ValidatedRequest valid) {
        return submit(valid, client::submit, generation -> generation.cancel(RevokedGenerations.refusal()));
    }

    /**
     * As {@link #submit}, for a generation that other keys of its caller may read. If its key is revoked, their streams
     * end as after a cancel. Refused during a drain, before the limits are asked.
     */
    Future<ClientGeneration> submitResumable(RequestValidator.ValidatedRequest valid) {
        if (draining.getAsBoolean()) {
            // Its body was read, because it might have attached.
            return Future.failedFuture(new GenerationException(Failure.draining()));
        }
        return submit(valid, client::submitResumable, generation -> generation.cancel(Cancel.Cause.DELETED));
    }

    /** Submits a request whose consumer may leave. */
    @FunctionalInterface
    private interface Way {

        Future<ClientGeneration> submit(GenerationRequest request, BooleanSupplier isGone);
    }

    private Future<ClientGeneration> submit(
            RequestValidator.ValidatedRequest valid, Way way, Consumer<ClientGeneration> onRevoked) {
        // The key may have been revoked while the body arrived.
        Future<ClientGeneration> submitted = revoked.isRevoked(valid.caller().keyId())
                ? limits.refused(valid.context(), RevokedGenerations.refusal())
                : limits.admit(valid.context().response(), valid.caller(), valid.demand())
                        .compose(permit -> submit(valid, way, permit, onRevoked));
        return submitted.onFailure(refusal -> valid.body().close());
    }

    private Future<ClientGeneration> submit(
            RequestValidator.ValidatedRequest valid, Way way, Permit permit, Consumer<ClientGeneration> onRevoked) {
        return Future.<Void>succeededFuture()
                .compose(admitted ->
                        way.submit(valid.generation(), valid.context().response()::closed))
                .onSuccess(generation -> {
                    settlements
                            .follow(generation, permit, valid.demand())
                            .onComplete(settled -> valid.body().close());
                    revoked.follow(generation.end(), valid.caller().keyId(), () -> onRevoked.accept(generation));
                })
                .recover(refusal -> refused(valid, permit, named(refusal, valid.request())));
    }

    /** An engine refuses the prompt. The client reads the name of its own field. */
    private static Throwable named(Throwable refusal, GenerateRequest request) {
        return refusal instanceof GenerationException failed
                ? new GenerationException(failed.failure().renamed(PROMPT, request.turnsField()))
                : refusal;
    }

    private <T> Future<T> refused(RequestValidator.ValidatedRequest valid, Permit permit, Throwable refusal) {
        permit.settle(0);
        return limits.refused(valid.context(), refusal);
    }
}
