package dev.runnel.resume;

import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.function.BiPredicate;

/** Deletes generations of other nodes. Belongs to the context of a {@link Guardian}. */
final class Deletions {

    /** A guardian answers within one turn of its event loop. */
    private static final long TIMEOUT_MILLIS = 5_000;

    private final Vertx vertx;
    private final KeptGenerations store;
    private final TakeOver takeOver;
    private final BiPredicate<String, String> here;
    private final DeliveryOptions options = new DeliveryOptions().setSendTimeout(TIMEOUT_MILLIS);

    /** @param here deletes one of this process, by its id and its owner */
    Deletions(Vertx vertx, KeptGenerations store, TakeOver takeOver, BiPredicate<String, String> here) {
        this.vertx = vertx;
        this.store = store;
        this.takeOver = takeOver;
        this.here = here;
    }

    /** Returns whether the id is known, for this owner. Completes on the calling context. */
    Future<Boolean> elsewhere(String id, String owner) {
        return store.findElsewhere(id, owner)
                .compose(found -> found.map(this::delete).orElseGet(() -> Future.succeededFuture(false)));
    }

    private Future<Boolean> delete(KeptGeneration kept) {
        String owner = kept.facts().owner();
        var cancel = new Cancel(kept.id(), Cancel.Cause.DELETED, owner);
        return vertx.eventBus()
                .request(kept.facts().guardian(), cancel, options)
                .map(reply -> reply.body() instanceof Cancelled cancelled && cancelled.known())
                .recover(silence -> deleteAfterTakeOver(kept, false))
                .compose(isKnown -> isKnown ? Future.succeededFuture(true) : deleteAfterTakeOver(kept, true))
                .otherwise(false);
    }

    private Future<Boolean> deleteAfterTakeOver(KeptGeneration kept, boolean isGivenUp) {
        return takeOver.of(kept, isGivenUp)
                .compose(found -> found.isOfOtherNode()
                        ? delete(found)
                        : Future.succeededFuture(
                                here.test(kept.id(), kept.facts().owner())));
    }
}
