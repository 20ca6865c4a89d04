package dev.runnel.resume;

import dev.runnel.client.ClientGeneration;
import dev.runnel.message.Finished;
import dev.runnel.message.KeptEntry;
import dev.runnel.text.SharedText;
import io.vertx.core.AsyncResult;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A generation whose text is kept for its readers. The guardian appends the text, on its own context. Any thread may
 * read.
 */
public final class KeptGeneration {

    private final Facts facts;
    private final @Nullable KeptEntry entry;
    private final Runnable whenForgotten;
    /** An empty one after {@link #dropText}. */
    private volatile SharedText text;

    /** Nothing after {@link #dropText}. */
    private volatile KeptRequest request;

    /** Counted once: the lock is not held for a text. */
    private volatile long requestBytes;

    private volatile @Nullable AsyncResult<Finished> outcome;

    /** Under the lock of {@link KeptGenerations}, as are the next four. */
    int readers;

    /** What the bound on bytes counts for it. */
    long countedBytes;

    long endedNanos;
    Phase phase = Phase.RUNNING;

    /** Whether its caller deleted it while it ran. */
    boolean isUnwanted;

    /** What the process still knows about it. */
    enum Phase {
        RUNNING,
        ENDED,
        /** Its caller deleted it: only its id is known, until the retention time has passed. */
        DELETED,
        FORGOTTEN
    }

    /**
     * What does not change.
     *
     * @param id {@code gen_…}
     * @param owner issuer and subject of the key that started it
     * @param model the model's name
     * @param includeText whether the request asked for events that repeat the text
     * @param guardian the address of the guardian's inbox
     * @param createdSeconds when it was accepted, in whole seconds since 1970
     */
    public record Facts(
            String id, String owner, String model, boolean includeText, String guardian, long createdSeconds) {}

    /** @param whenForgotten runs once on any thread when its text was dropped; must not block */
    KeptGeneration(Facts facts, KeptRequest request, Runnable whenForgotten) {
        this(facts, request, null, whenForgotten);
    }

    private KeptGeneration(Facts facts, KeptRequest request, @Nullable KeptEntry entry, Runnable whenForgotten) {
        this.facts = facts;
        this.entry = entry;
        this.whenForgotten = whenForgotten;
        this.request = request;
        this.requestBytes = request.bytes();
        this.text = new SharedText(request.isKept());
    }

    /**
     * One that another node keeps. Its text here is a copy, which grows while it has a reader here.
     *
     * @param request what an answer repeats of the request, as far as it is known here
     */
    static KeptGeneration ofOtherNode(KeptEntry entry, KeptRequest request) {
        Facts facts = new Facts(
                entry.generationId(),
                entry.owner(),
                entry.model(),
                entry.includeText(),
                entry.guardian(),
                entry.createdSeconds());
        return new KeptGeneration(facts, request, entry, () -> {});
    }

    /** Where it is, if another node keeps it. */
    Optional<KeptEntry> entry() {
        return Optional.ofNullable(entry);
    }

    /**
     * One of this process, for other nodes.
     *
     * @param here this node
     */
    KeptEntry entryAt(String here, ClientGeneration generation) {
        return new KeptEntry(
                facts.id(),
                facts.owner(),
                facts.model(),
                facts.includeText(),
                facts.guardian(),
                here,
                facts.createdSeconds(),
                generation.generator(),
                generation.generatorNode());
    }

    /** The node that keeps it; empty for this process. */
    String node() {
        return entry().map(KeptEntry::node).orElse("");
    }

    /** Whether another node keeps it. */
    public boolean isOfOtherNode() {
        return entry != null;
    }

    public String id() {
        return facts.id();
    }

    public Facts facts() {
        return facts;
    }

    /** Its text. Empty after a delete: an {@link Attachment} holds the text that it reads. */
    public SharedText text() {
        return text;
    }

    /** The memory that it uses: the text, the ends of its pieces, and what is kept of the request. */
    long bytes() {
        return requestBytes + text.capacity();
    }

    /** What is kept of its request; nothing after a delete. */
    public KeptRequest request() {
        return request;
    }

    /** How it ended; empty while it runs. */
    public Optional<AsyncResult<Finished>> outcome() {
        return Optional.ofNullable(outcome);
    }

    void ended(AsyncResult<Finished> how) {
        outcome = how;
    }

    /** Its readers read on. */
    void dropText() {
        text = new SharedText();
        request = KeptRequest.NONE;
        requestBytes = 0;
    }

    void forgotten() {
        whenForgotten.run();
    }
}
