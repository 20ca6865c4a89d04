package dev.runnel.resume;

import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.function.BiPredicate;

/** Deletes generations of other nodes. Belongs to the context of a {@link Guardian}. */
final class Deletions {

    private final Vertx vertx;
    private final KeptGenerations store;
    private final TakeOver takeOver;
    private final DeliveryOptions options;
    private final BiPredicate<String, String> here;

    /**
     * For one guardian.
     *
     * @param options of a message to another guardian
     * @param here deletes one of this process, by its id and its owner
     */
    Deletions(
            Vertx vertx,
            KeptGenerations store,
            TakeOver takeOver,
            DeliveryOptions options,
            BiPredicate<String, String> here) {
        this.vertx = vertx;
        this.store = store;
        this.takeOver = takeOver;
        this.options = options;
        this.here = here;
    }

    /**
     * Deletes one. Completes on the calling context.
     *
     * @return whether the id is known, for this owner. Fails with an {@link AttachException} if what knows it does not
     *     answer in time. Fails with a {@link dev.runnel.text.GenerationException} if there is no room to take it over
     */
    Future<Boolean> elsewhere(String id, String owner) {
        return store.findElsewhere(id, owner)
                .compose(found -> found.map(this::delete).orElseGet(() -> Future.succeededFuture(false)));
    }

    private Future<Boolean> delete(KeptGeneration kept) {
        return isMember(kept) ? ask(kept) : deleteAfterTakeOver(kept);
    }

    private boolean isMember(KeptGeneration kept) {
        return store.directory().isMember(kept.node());
    }

    private Future<Boolean> ask(KeptGeneration kept) {
        var cancel = new Cancel(kept.id(), Cancel.Cause.DELETED, kept.facts().owner());
        return vertx.eventBus()
                .request(kept.facts().guardian(), cancel, options)
                .map(reply -> reply.body() instanceof Cancelled cancelled && cancelled.known())
                .recover(silence -> {
                    AttachException why = AttachException.ofSilence(silence);
                    return why.isGuardianGone() || !isMember(kept)
                            ? deleteAfterTakeOver(kept)
                            : Future.failedFuture(why);
                });
    }

    private Future<Boolean> deleteAfterTakeOver(KeptGeneration kept) {
        return takeOver.of(kept)
                .compose(found -> found.isOfOtherNode()
                        ? delete(found)
                        : Future.succeededFuture(
                                here.test(kept.id(), kept.facts().owner())))
                .recover(refusal ->
                        refusal instanceof AttachException known && known.reason() == AttachException.Reason.UNKNOWN
                                ? Future.succeededFuture(false)
                                : Future.failedFuture(refusal));
    }
}
