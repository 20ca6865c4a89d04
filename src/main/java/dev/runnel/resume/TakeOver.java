package dev.runnel.resume;

import dev.runnel.client.ClientGeneration;
import dev.runnel.client.GenerationClient;
import dev.runnel.message.KeptEntry;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the guardian of a generation whose guardian's node is gone: this client, unless another one was quicker.
 * Belongs to the client's context.
 */
final class TakeOver {

    /** The generator may learn later than this node that the guardian is gone. */
    private static final int TRIES = 25;

    private static final long PAUSE_MILLIS = 200;
    private static final int RETRY_SECONDS = 5;

    private final Vertx vertx;
    private final Context context;
    private final GenerationClient client;
    private final KeptGenerations store;
    private final Keeper keeper;
    /** One for each generation, however many readers wait for it. */
    private final Map<String, Future<KeptGeneration>> running = new HashMap<>();

    /** Keeps a generation that was taken over. */
    @FunctionalInterface
    interface Keeper {

        Future<KeptGeneration> keep(Claim claim, ClientGeneration generation, KeptGeneration before);
    }

    TakeOver(Vertx vertx, GenerationClient client, KeptGenerations store, Keeper keeper) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.client = client;
        this.store = store;
        this.keeper = keeper;
    }

    /**
     * Finds the guardian.
     *
     * @param isGivenUp whether the guardian before has answered that it does not have the generation any more
     * @return the generation with its guardian; fails with an {@link AttachException}, or a {@link GenerationException}
     *     if there is no room for it
     */
    Future<KeptGeneration> of(KeptGeneration before, boolean isGivenUp) {
        Future<KeptGeneration> known = running.get(before.id());
        if (known != null) {
            return known;
        }
        Promise<KeptGeneration> found = Promise.promise();
        running.put(before.id(), found.future());
        found.future().onComplete(done -> running.remove(before.id()));
        // In a turn of its own: the text that was taken over is there after it.
        seek(before, isGivenUp ? before.facts().guardian() : "", TRIES)
                .onComplete(done -> context.runOnContext(turn -> found.handle(done)));
        return found.future();
    }

    /** @param givenUpBy the inbox of a guardian that does not have it any more, or empty */
    private Future<KeptGeneration> seek(KeptGeneration before, String givenUpBy, int tries) {
        String owner = before.facts().owner();
        Optional<KeptGeneration> here = store.find(before.id(), owner);
        if (here.isPresent()) {
            // Another lane has taken it over.
            return Future.succeededFuture(here.get());
        }
        KeptEntry entry = before.entry().orElseThrow();
        if (entry.generator().isEmpty()) {
            return Future.failedFuture(new AttachException(AttachException.Reason.UNKNOWN));
        }
        return store.claim(owner) instanceof ClaimAnswer.Granted place
                ? adopt(before, entry, givenUpBy, place.claim())
                        .recover(refusal -> refused(before, givenUpBy, refusal, tries))
                : Future.failedFuture(new GenerationException(
                        Failure.full("as many generations are kept as may be; try again in 5 s", RETRY_SECONDS)));
    }

    private Future<KeptGeneration> adopt(KeptGeneration before, KeptEntry entry, String givenUpBy, Claim place) {
        return client.adopt(entry, givenUpBy)
                .onFailure(refusal -> store.release(place))
                .compose(generation -> keeper.keep(place, generation, before));
    }

    private Future<KeptGeneration> refused(KeptGeneration before, String givenUpBy, Throwable refusal, int tries) {
        boolean isForNow =
                refusal instanceof GenerationException known && known.failure().code() == FailureCode.CLUSTER;
        if (!isForNow) {
            return Future.failedFuture(new AttachException(AttachException.Reason.UNKNOWN));
        }
        if (tries == 0) {
            return Future.failedFuture(new AttachException(AttachException.Reason.SILENT));
        }
        return vertx.timer(PAUSE_MILLIS)
                .compose(passed -> store.findElsewhere(
                                before.id(), before.facts().owner(), before.request())
                        .otherwise(Optional.empty()))
                .compose(found -> again(before, givenUpBy, found, tries - 1));
    }

    private Future<KeptGeneration> again(
            KeptGeneration before, String givenUpBy, Optional<KeptGeneration> found, int tries) {
        boolean isOther = found.isPresent()
                && !found.get().facts().guardian().equals(before.facts().guardian());
        return isOther ? Future.succeededFuture(found.get()) : seek(found.orElse(before), givenUpBy, tries);
    }
}
