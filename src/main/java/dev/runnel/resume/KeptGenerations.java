package dev.runnel.resume;

import dev.runnel.config.ResumeConfig;
import dev.runnel.message.Attached;
import dev.runnel.message.Finished;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.metric.ResumeMeters.Forgotten;
import dev.runnel.metric.ResumeMeters.Refusal;
import dev.runnel.resume.KeptGeneration.Phase;
import dev.runnel.text.FinishReason;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The idempotency keys and the resumable generations of the process. A retry may arrive on another lane than the first
 * request, so all lanes share one. Any thread. The lock is held for a look-up, never for a text.
 */
public final class KeptGenerations {

    private final ResumeConfig config;
    private final ResumeMeters meters;
    private final LongSupplier nanos;
    private final GenerationDirectory directory;
    private final SharedKeys shared;
    private final KeptTexts texts;
    private final Map<ClaimedKey, Claim> claims = new HashMap<>();
    private final Map<KeptGeneration, Claim> claimsOfKept = new HashMap<>();
    private int pending;
    private int readers;
    /** How many claims there were. */
    private long lastClaim;

    private record ClaimedKey(String owner, String key) {

        static ClaimedKey of(ClaimRequest request) {
            return new ClaimedKey(request.owner(), request.key());
        }
    }

    /** Of a process without a cluster. */
    public KeptGenerations(ResumeConfig config, ResumeMeters meters, LongSupplier nanos) {
        this(config, meters, nanos, GenerationDirectory.NONE);
    }

    /**
     * Makes an empty one.
     *
     * @param nanos a clock that never goes back, in nanoseconds
     * @param directory where the generations of other nodes are
     */
    public KeptGenerations(
            ResumeConfig config, ResumeMeters meters, LongSupplier nanos, GenerationDirectory directory) {
        this.config = config;
        this.meters = meters;
        this.nanos = nanos;
        this.directory = directory;
        this.shared = directory.keys();
        this.texts = new KeptTexts(config, this::forgotten);
        meters.show(this::generations, this::bytes, this::readers, this::pending);
    }

    /** Where the generations of all nodes are. */
    GenerationDirectory directory() {
        return directory;
    }

    /** Decides what a request with an idempotency key may do in this process. See {@code KeyClaims}. */
    synchronized ClaimAnswer claim(ClaimRequest request) {
        texts.expire(nanos.getAsLong());
        Claim claim = claims.get(ClaimedKey.of(request));
        if (claim == null) {
            return claimNew(request);
        }
        if (claim.isPending) {
            return new ClaimAnswer.InProgress(claim);
        }
        KeptGeneration kept = claim.kept;
        if (kept != null && claim.request().fingerprint().equals(request.fingerprint())) {
            return new ClaimAnswer.Known(kept);
        }
        return mismatch();
    }

    ClaimAnswer mismatch() {
        meters.refused(Refusal.MISMATCH);
        return new ClaimAnswer.Mismatch();
    }

    ClaimAnswer unknown() {
        meters.refused(Refusal.DIVERGED);
        return new ClaimAnswer.Unknown();
    }

    /**
     * Decides whether a request without an idempotency key may be kept. Nothing attaches to it by a key.
     *
     * @return {@code Granted} or {@code Full}
     */
    public synchronized ClaimAnswer claim(String owner) {
        texts.expire(nanos.getAsLong());
        // No key of a client has a line feed.
        return claimNew(new ClaimRequest(owner, "\n" + (lastClaim + 1), "", false));
    }

    private ClaimAnswer claimNew(ClaimRequest request) {
        if (request.attachesOnly()) {
            // Another node may know the key: then it is no refusal.
            return shared == SharedKeys.NONE ? unknown() : new ClaimAnswer.Unknown();
        }
        if (!texts.reserve(request.owner())) {
            meters.refused(Refusal.FULL);
            return new ClaimAnswer.Full();
        }
        Claim claim = new Claim(request, ++lastClaim);
        claims.put(ClaimedKey.of(request), claim);
        pending++;
        return new ClaimAnswer.Granted(claim);
    }

    /** The cluster knows this claim from now on. */
    synchronized void share(Claim claim) {
        claim.isShared = true;
    }

    /** Lets other nodes find the generation that a key stands for. Completes on the calling context; does not fail. */
    Future<Void> keepShared(Claim claim, String id) {
        return claim.isShared ? shared.keep(claim.request(), claim.number(), id) : Future.succeededFuture();
    }

    private void free(Claim claim) {
        claims.remove(ClaimedKey.of(claim.request()), claim);
        if (claim.isShared) {
            shared.release(claim.request(), claim.number());
        }
    }

    /** As the other one, where nothing is kept of the request. */
    KeptGeneration keep(Claim claim, KeptGeneration.Facts facts, Runnable whenForgotten) {
        return keep(claim, facts, KeptRequest.NONE, whenForgotten);
    }

    /**
     * The generation of a claim was accepted: from now on the key stands for it.
     *
     * @param whenForgotten runs once on any thread when its text was dropped; must not block
     */
    KeptGeneration keep(Claim claim, KeptGeneration.Facts facts, KeptRequest request, Runnable whenForgotten) {
        KeptGeneration kept = new KeptGeneration(facts, request, whenForgotten);
        List<Runnable> waiting;
        synchronized (this) {
            claim.kept = kept;
            claimsOfKept.put(kept, claim);
            texts.add(kept);
            waiting = settle(claim);
        }
        waiting.forEach(Runnable::run);
        return kept;
    }

    /** No generation was accepted: the key is free. Without effect after {@link #keep} and after the first call. */
    public void release(Claim claim) {
        List<Runnable> waiting;
        synchronized (this) {
            if (!claim.isPending) {
                return;
            }
            free(claim);
            texts.release(claim.request().owner());
            waiting = settle(claim);
        }
        waiting.forEach(Runnable::run);
    }

    private List<Runnable> settle(Claim claim) {
        claim.isPending = false;
        pending--;
        List<Runnable> waiting = List.copyOf(claim.waiting);
        claim.waiting.clear();
        return waiting;
    }

    /**
     * Waits for the answer to the request that has the claim.
     *
     * @param answered runs once, on any thread, perhaps within this call; must not block
     * @return whether one more may wait
     */
    public boolean await(Claim claim, Runnable answered) {
        synchronized (this) {
            if (claim.isPending) {
                boolean mayWait = claim.waiting.size() < config.readers();
                if (mayWait) {
                    claim.waiting.add(answered);
                }
                return mayWait;
            }
        }
        answered.run();
        return true;
    }

    /** Undoes {@link #await}. */
    public synchronized void stopWaiting(Claim claim, Runnable answered) {
        claim.waiting.remove(answered);
    }

    /** A generation that is kept for this owner, running or ended. */
    public synchronized Optional<KeptGeneration> find(String id, String owner) {
        return known(id, owner).filter(kept -> kept.phase != Phase.DELETED);
    }

    /**
     * A generation that another node keeps for this owner. Completes on the calling context.
     *
     * @return fails with an {@link AttachException} if the member that knows it does not answer in time
     */
    public Future<Optional<KeptGeneration>> findElsewhere(String id, String owner) {
        return findElsewhere(id, owner, KeptRequest.NONE);
    }

    /** As the other one, for a request that is equal to the one that started the generation. */
    Future<Optional<KeptGeneration>> findElsewhere(String id, String owner, KeptRequest equal) {
        return lookUp(id, owner, equal)
                .recover(silence -> Future.failedFuture(new AttachException(AttachException.Reason.SILENT)));
    }

    private Future<Optional<KeptGeneration>> lookUp(String id, String owner, KeptRequest equal) {
        return directory
                .find(id)
                .map(found -> found.filter(entry -> entry.owner().equals(owner))
                        .map(entry -> KeptGeneration.ofOtherNode(entry, equal)));
    }

    /**
     * The generation that a key of another node stands for. This process may have taken it over.
     *
     * @return empty if it is lost or has failed; fails if the answer does not come in time
     */
    Future<Optional<KeptGeneration>> findForKey(String id, String owner, KeptRequest equal) {
        Optional<KeptGeneration> here = find(id, owner);
        return here.isPresent()
                ? Future.succeededFuture(here.filter(kept -> !hasFailed(kept)))
                : lookUp(id, owner, equal).map(found -> found.filter(this::mayBeKept));
    }

    private static boolean hasFailed(KeptGeneration kept) {
        return kept.outcome().map(AsyncResult::failed).orElse(false);
    }

    /** Whether its guardian is there, or the generator that keeps it too. */
    private boolean mayBeKept(KeptGeneration elsewhere) {
        return elsewhere
                .entry()
                .filter(entry -> directory.isMember(entry.node()) || directory.isMember(entry.generatorNode()))
                .isPresent();
    }

    private Optional<KeptGeneration> known(String id, String owner) {
        texts.expire(nanos.getAsLong());
        return texts.find(id).filter(kept -> kept.facts().owner().equals(owner));
    }

    /**
     * Deletes text and idempotency key of a generation that ended by itself. One that failed or was cancelled is left
     * as it is. One that runs is deleted if it ends by itself: a cancel comes too late for an end that is on its way.
     *
     * @return whether its id is known, for this owner
     */
    public synchronized boolean delete(String id, String owner) {
        Optional<KeptGeneration> known = known(id, owner);
        known.ifPresent(kept -> kept.isUnwanted = true);
        known.ifPresent(this::deleteUnwanted);
        return known.isPresent();
    }

    private void deleteUnwanted(KeptGeneration kept) {
        if (kept.isUnwanted && endedByItself(kept)) {
            texts.delete(kept);
        }
    }

    private static boolean endedByItself(KeptGeneration kept) {
        return kept.outcome()
                .filter(AsyncResult::succeeded)
                .map(how -> how.result().finishReason() != FinishReason.CANCELLED)
                .orElse(false);
    }

    /** The text of a running generation uses more memory. */
    synchronized void grew(KeptGeneration kept) {
        texts.count(kept);
    }

    /** A failed generation frees its key; every other one keeps it. */
    synchronized void ended(KeptGeneration kept, AsyncResult<Finished> how) {
        kept.ended(how);
        if (how.failed()) {
            freeKey(kept);
        }
        texts.ended(kept, nanos.getAsLong());
        deleteUnwanted(kept);
    }

    /** It may go on at another node: this process forgets it and its key, and the cluster does not. */
    synchronized void cut(KeptGeneration kept, AsyncResult<Finished> how) {
        kept.ended(how);
        Claim claim = claimsOfKept.remove(kept);
        if (claim != null) {
            claims.remove(ClaimedKey.of(claim.request()), claim);
        }
        texts.forget(kept, Forgotten.CLOSED);
    }

    private void freeKey(KeptGeneration kept) {
        Claim claim = claimsOfKept.remove(kept);
        if (claim != null) {
            free(claim);
        }
    }

    /** Adds a reader, if the generation is still kept and may have one more. */
    synchronized Attached.Answer attach(KeptGeneration kept) {
        if (isDropped(kept)) {
            return Attached.Answer.UNKNOWN;
        }
        if (kept.readers >= config.readers()) {
            meters.refused(Refusal.READERS);
            return Attached.Answer.TOO_MANY_READERS;
        }
        kept.readers++;
        readers++;
        meters.attached();
        return Attached.Answer.ATTACHED;
    }

    /** Whether the text can be read by what is no reader, and does not affect how long it is kept. */
    synchronized Attached.Answer look(KeptGeneration kept) {
        return isDropped(kept) ? Attached.Answer.UNKNOWN : Attached.Answer.ATTACHED;
    }

    private static boolean isDropped(KeptGeneration kept) {
        return kept.phase == Phase.FORGOTTEN || kept.phase == Phase.DELETED;
    }

    /** Removes readers. Without one, the text counts for the bounds again. */
    synchronized void detach(KeptGeneration kept, int count) {
        kept.readers -= count;
        readers -= count;
        texts.expire(nanos.getAsLong());
        if (kept.readers == 0) {
            texts.count(kept);
        }
    }

    /** Drops what was kept for the retention time. */
    synchronized void expire() {
        texts.expire(nanos.getAsLong());
    }

    /** The guardian of a generation is closed: no reader can be served any more. */
    synchronized void close(KeptGeneration kept) {
        texts.forget(kept, Forgotten.CLOSED);
    }

    /** A request waited for an earlier one with the same key, and waits no longer. */
    public void waitedInVain() {
        meters.refused(Refusal.IN_PROGRESS);
    }

    void abandoned() {
        meters.abandoned();
    }

    private void forgotten(KeptGeneration kept, Forgotten reason) {
        freeKey(kept);
        meters.forgotten(reason);
        kept.forgotten();
    }

    synchronized int generations() {
        return texts.generations();
    }

    synchronized long bytes() {
        return texts.bytes();
    }

    synchronized int readers() {
        return readers;
    }

    synchronized int pending() {
        return pending;
    }
}
