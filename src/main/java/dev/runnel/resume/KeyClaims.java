package dev.runnel.resume;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Claims idempotency keys for the whole service: first in this process, then in the cluster. While another node's
 * request has the key, this one asks again from time to time. Further requests of this process wait for this one.
 */
public final class KeyClaims {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final Vertx vertx;
    private final KeptGenerations kept;
    private final SharedKeys shared;

    /** @param kept the one of the process */
    public KeyClaims(Vertx vertx, KeptGenerations kept) {
        this.vertx = vertx;
        this.kept = kept;
        this.shared = kept.directory().keys();
    }

    /**
     * Decides what a request with an idempotency key may do.
     *
     * @param keeps what is kept of the request
     * @param waitsOn asked before each wait for a request on another node: whether this one waits any longer
     * @return completes on the calling context, in this call without a cluster; does not fail
     */
    public Future<ClaimAnswer> claim(ClaimRequest request, KeptRequest keeps, BooleanSupplier waitsOn) {
        ClaimAnswer here = kept.claim(request);
        if (shared == SharedKeys.NONE) {
            return Future.succeededFuture(here);
        }
        if (here instanceof ClaimAnswer.Granted granted) {
            return claimShared(granted.claim(), keeps, FIRST_PAUSE, waitsOn);
        }
        return here instanceof ClaimAnswer.Unknown
                ? shared.find(request).compose(answer -> elsewhere(request, keeps, answer))
                : Future.succeededFuture(here);
    }

    private Future<ClaimAnswer> claimShared(Claim claim, KeptRequest keeps, Duration pause, BooleanSupplier waitsOn) {
        return shared.claim(claim.request(), claim.number()).compose(answer -> {
            if (answer instanceof SharedKeys.Answer.Granted) {
                kept.share(claim);
                return Future.succeededFuture(new ClaimAnswer.Granted(claim));
            }
            if (answer instanceof SharedKeys.Answer.Pending && waitsOn.getAsBoolean()) {
                Duration next =
                        pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                return vertx.timer(pause.toMillis()).compose(passed -> claimShared(claim, keeps, next, waitsOn));
            }
            kept.release(claim);
            return elsewhere(claim.request(), keeps, answer);
        });
    }

    private Future<ClaimAnswer> elsewhere(ClaimRequest request, KeptRequest keeps, SharedKeys.Answer answer) {
        if (answer instanceof SharedKeys.Answer.Kept known) {
            return known.isSameRequest()
                    ? kept.findElsewhere(known.generationId(), request.owner(), keeps)
                            .map(found -> found.<ClaimAnswer>map(ClaimAnswer.Known::new)
                                    .orElseGet(ClaimAnswer.Silent::new))
                    : Future.succeededFuture(kept.mismatch());
        }
        if (answer instanceof SharedKeys.Answer.Pending) {
            return Future.succeededFuture(new ClaimAnswer.InProgressElsewhere());
        }
        return Future.succeededFuture(
                answer instanceof SharedKeys.Answer.Free ? kept.unknown() : new ClaimAnswer.Silent());
    }
}
