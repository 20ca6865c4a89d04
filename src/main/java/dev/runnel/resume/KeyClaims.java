package dev.runnel.resume;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
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
     * What is claimed.
     *
     * @param request with its key
     * @param keeps what is kept of the request
     * @param lost the id of a generation that the key stood for, and that was not found; empty at first
     */
    public record Wanted(ClaimRequest request, KeptRequest keeps, String lost) {

        private Wanted without(String generationId) {
            return new Wanted(request, keeps, generationId);
        }
    }

    /**
     * Decides what a request with an idempotency key may do.
     *
     * @param waitsOn asked before each wait for a request on another node: whether this one waits any longer
     * @return completes on the calling context, in this call without a cluster; does not fail
     */
    public Future<ClaimAnswer> claim(Wanted wanted, BooleanSupplier waitsOn) {
        ClaimAnswer here = kept.claim(wanted.request());
        if (shared == SharedKeys.NONE) {
            return Future.succeededFuture(here);
        }
        if (here instanceof ClaimAnswer.Granted granted) {
            return claimShared(granted.claim(), wanted, FIRST_PAUSE, waitsOn);
        }
        return here instanceof ClaimAnswer.Unknown ? find(wanted) : Future.succeededFuture(here);
    }

    private Future<ClaimAnswer> claimShared(Claim claim, Wanted wanted, Duration pause, BooleanSupplier waitsOn) {
        return shared.claim(claim.request(), claim.number(), wanted.lost()).compose(answer -> {
            if (answer instanceof SharedKeys.Answer.Granted) {
                kept.share(claim);
                return Future.succeededFuture(granted(claim));
            }
            if (answer instanceof SharedKeys.Answer.Pending && waitsOn.getAsBoolean()) {
                Duration next =
                        pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                return vertx.timer(pause.toMillis()).compose(passed -> claimShared(claim, wanted, next, waitsOn));
            }
            return elsewhere(wanted, answer).compose(known -> {
                if (known.isEmpty()) {
                    return claimShared(claim, wanted.without(generationId(answer)), pause, waitsOn);
                }
                kept.release(claim);
                return Future.succeededFuture(known.get());
            });
        });
    }

    /** A part of the cluster that is too small does not know which keys it has lost. */
    private ClaimAnswer granted(Claim claim) {
        if (kept.directory().isWhole()) {
            return new ClaimAnswer.Granted(claim);
        }
        kept.release(claim);
        return new ClaimAnswer.Silent();
    }

    private Future<ClaimAnswer> find(Wanted wanted) {
        return shared.find(wanted.request(), wanted.lost())
                .compose(answer -> elsewhere(wanted, answer)
                        .compose(known -> known.map(Future::succeededFuture)
                                .orElseGet(() -> find(wanted.without(generationId(answer))))));
    }

    private static String generationId(SharedKeys.Answer answer) {
        return answer instanceof SharedKeys.Answer.Kept known ? known.generationId() : "";
    }

    /** @return empty if the generation of the key is lost, and that was not known when the cluster was asked */
    private Future<Optional<ClaimAnswer>> elsewhere(Wanted wanted, SharedKeys.Answer answer) {
        if (answer instanceof SharedKeys.Answer.Kept known) {
            return kept.findForKey(known.generationId(), wanted.request().owner(), wanted.keeps())
                    .map(found -> known(wanted, known, found))
                    .otherwise(silence -> Optional.of(new ClaimAnswer.Silent()));
        }
        if (answer instanceof SharedKeys.Answer.Pending) {
            return Future.succeededFuture(Optional.of(new ClaimAnswer.InProgressElsewhere()));
        }
        return Future.succeededFuture(Optional.of(isFree(answer) ? kept.unknown() : new ClaimAnswer.Silent()));
    }

    private boolean isFree(SharedKeys.Answer answer) {
        return answer instanceof SharedKeys.Answer.Free && kept.directory().isWhole();
    }

    private Optional<ClaimAnswer> known(Wanted wanted, SharedKeys.Answer.Kept known, Optional<KeptGeneration> found) {
        if (found.isEmpty() && !wanted.lost().equals(known.generationId())) {
            return Optional.empty();
        }
        if (!known.isSameRequest()) {
            return Optional.of(kept.mismatch());
        }
        return Optional.of(found.<ClaimAnswer>map(ClaimAnswer.Known::new).orElseGet(ClaimAnswer.Silent::new));
    }
}
