package dev.runnel.resume;

import dev.runnel.client.ClientGeneration;
import dev.runnel.client.FurtherReaders;
import dev.runnel.client.GenerationClient;
import dev.runnel.client.OpenWrites;
import dev.runnel.client.OtherNodes;
import dev.runnel.config.ResumeConfig;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.Holding;
import dev.runnel.message.Attach;
import dev.runnel.message.Attached;
import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
import dev.runnel.message.Detach;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.SentText;
import dev.runnel.net.OnContext;
import dev.runnel.resume.AttachException.Reason;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The resumable generations that one client submitted, and the readers on its context. A reader of another client's
 * generation is attached over the bus: {@link Attach}. Belongs to the client's context.
 */
public final class Guardian implements FurtherReaders {

    /** Another guardian answers within one turn of its event loop. */
    private static final long TIMEOUT_MILLIS = 5_000;

    private static final Failure CUT_OFF = Failure.of(
            FailureCode.CLUSTER, "this node did not run, and its cluster went on without it; resume the stream");

    private final Vertx vertx;
    private final Context context;
    private final GenerationClient client;
    private final ResumeConfig config;
    private final KeptGenerations store;
    private final HeldBytes memory;
    private final DeliveryOptions options = new DeliveryOptions().setSendTimeout(TIMEOUT_MILLIS);
    private final Map<String, GuardedGeneration> guarded = new HashMap<>();
    /** Readers of generations whose guardians are other clients of this process. */
    private final Map<String, LaneReaders> elsewhere = new HashMap<>();

    /** Copies of texts whose guardians are on other nodes. */
    private final TextCopies copies;

    private final String node;
    /** To the readers on other nodes. */
    private final Optional<OpenWrites> writes;

    private final AttachCalls calls;
    private final TakeOver takeOver;
    private final OrphanLook orphanLook;
    private final Deletions deletions;
    private final Consumer<ClientGeneration> onTakeOver;

    /** As the other one, for a process that takes no generation over. */
    public Guardian(
            Vertx vertx, GenerationClient client, ResumeConfig config, KeptGenerations store, HeldBytes memory) {
        this(vertx, client, config, store, memory, generation -> {});
    }

    /**
     * Makes the guardian of a client.
     *
     * @param store the one of the process
     * @param onTakeOver receives each generation whose guardian on another node is gone, and whose guardian is now this
     */
    public Guardian(
            Vertx vertx,
            GenerationClient client,
            ResumeConfig config,
            KeptGenerations store,
            HeldBytes memory,
            Consumer<ClientGeneration> onTakeOver) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.client = client;
        this.config = config;
        this.store = store;
        this.memory = memory;
        this.copies = new TextCopies(memory);
        this.node = OtherNodes.of(vertx).map(OtherNodes::self).orElse("");
        this.writes = OtherNodes.of(vertx).map(OpenWrites::new);
        this.calls = new AttachCalls(vertx, client.inbox(), node, options);
        this.onTakeOver = onTakeOver;
        this.takeOver = new TakeOver(vertx, client, store, this::keepTakenOver);
        this.orphanLook = new OrphanLook(vertx, client, memory);
        this.deletions = new Deletions(vertx, store, takeOver, options, this::delete);
        client.serve(this);
    }

    /**
     * What the request of a resumable generation asked for.
     *
     * @param includeText whether its events repeat the text
     * @param keyId the {@code jti} of its key
     * @param createdSeconds when it was accepted, in whole seconds since 1970
     * @param kept what is kept of it
     */
    public record Request(String model, boolean includeText, String keyId, long createdSeconds, KeptRequest kept) {}

    /**
     * Keeps a generation that this context's client has submitted. Without a reader within the grace time it is
     * cancelled.
     *
     * @return completes when other nodes can find it
     */
    public Future<KeptGeneration> keep(Claim claim, ClientGeneration generation, Request request) {
        assert OnContext.check(context);
        String id = generation.id();
        String owner = claim.request().owner();
        KeptGeneration kept = store.keep(
                claim,
                new KeptGeneration.Facts(
                        id, owner, request.model(), request.includeText(), client.inbox(), request.createdSeconds()),
                request.kept(),
                () -> context.runOnContext(turn -> forgotten(id)));
        var guardedOne = new GuardedGeneration(
                vertx,
                config,
                store,
                new GuardedGeneration.Started(
                        kept, generation, new Holding(memory, HeldBytes.Kind.TEXTS, request.keyId(), kept), writes),
                idle -> guarded.remove(id, idle));
        guarded.put(id, guardedOne);
        guardedOne.start();
        generation.onMove(() -> store.directory().add(kept.entryAt(node, generation)));
        // In this order: a retry at another node that finds the key looks for the generation.
        return store.directory()
                .add(kept.entryAt(node, generation))
                .compose(added -> store.keepShared(claim, id))
                .map(kept);
    }

    /** The node that started it is gone. Its key on that node stands for it, as long as it is found by its id. */
    private Future<KeptGeneration> keepTakenOver(Claim place, ClientGeneration generation, KeptGeneration before) {
        KeptGeneration.Facts facts = before.facts();
        var request = new Request(
                facts.model(), facts.includeText(), generation.keyId(), facts.createdSeconds(), before.request());
        Future<KeptGeneration> kept = keep(place, generation, request);
        generation.end().onFailure(failed -> {
            if (!GuardedGeneration.runsOnElsewhere(failed)) {
                store.directory().remove(generation.id(), client.inbox());
            }
        });
        onTakeOver.accept(generation);
        return kept;
    }

    private void forgotten(String id) {
        GuardedGeneration known = guarded.get(id);
        if (known == null || !known.isCut()) {
            store.directory().remove(id, client.inbox());
        }
        if (known != null) {
            known.forgotten();
        }
    }

    /**
     * Attaches a reader.
     *
     * @return fails with an {@link AttachException}
     */
    public Future<Attachment> attach(KeptGeneration kept) {
        assert OnContext.check(context);
        if (kept.facts().guardian().equals(client.inbox())) {
            return attachHere(kept, false);
        }
        return kept.isOfOtherNode() ? attachToOtherNode(kept, false) : attachElsewhere(kept);
    }

    /**
     * Reads a text as it is now. This is no reader: it has no place, and the grace time passes.
     *
     * @return has the text so far, until it leaves; fails as for a reader
     */
    public Future<Attachment> look(KeptGeneration kept) {
        assert OnContext.check(context);
        if (!kept.isOfOtherNode()) {
            var look = new Attachment(context, kept, leaving -> {});
            kept.outcome().ifPresent(look::ended);
            return Future.succeededFuture(look);
        }
        return kept.facts().guardian().equals(client.inbox()) ? attachHere(kept, true) : attachToOtherNode(kept, true);
    }

    private Future<Attachment> attachToOtherNode(KeptGeneration kept, boolean isLook) {
        if (!store.directory().isMember(kept.node())) {
            return attachWithoutGuardian(kept, isLook, false);
        }
        return attachToCopy(kept, isLook)
                .recover(refusal -> refusal instanceof AttachException known && known.reason() == Reason.UNKNOWN
                        ? attachWithoutGuardian(kept, isLook, !known.isGuardianGone())
                        : Future.failedFuture(refusal));
    }

    private Future<Attachment> attachWithoutGuardian(KeptGeneration kept, boolean isLook, boolean isGivenUp) {
        return isLook && !isGivenUp
                ? orphanLook.of(kept, () -> attachAfterTakeOver(kept, true, false))
                : attachAfterTakeOver(kept, isLook, isGivenUp);
    }

    /** @param isGivenUp whether the guardian has answered that it does not have the generation any more */
    private Future<Attachment> attachAfterTakeOver(KeptGeneration kept, boolean isLook, boolean isGivenUp) {
        return takeOver.of(kept, isGivenUp).compose(found -> {
            if (found.isOfOtherNode()) {
                return attachToCopy(found, isLook);
            }
            return isLook ? look(found) : attach(found);
        });
    }

    private Future<Attachment> attachHere(KeptGeneration kept, boolean isLook) {
        GuardedGeneration known = guarded.get(kept.id());
        if (known == null || known.isCut()) {
            if (kept.isOfOtherNode()) {
                // The cluster's map still names this guardian, which has given it up: another one may follow.
                return attachAfterTakeOver(kept, isLook, true);
            }
            return known == null
                    ? AttachException.refused(Attached.Answer.UNKNOWN)
                    : Future.failedFuture(new AttachException(Reason.SILENT));
        }
        var reader = new Attachment(context, kept, known::left);
        Attached.Answer answer = known.attach(reader);
        return answer == Attached.Answer.ATTACHED ? Future.succeededFuture(reader) : AttachException.refused(answer);
    }

    private Future<Attachment> attachElsewhere(KeptGeneration kept) {
        long number = calls.nextReader();
        var reader = new Attachment(context, kept, leaving -> leftElsewhere(leaving, number));
        return calls.attach(kept, number)
                .compose(reply -> attached(reader, reply.body()))
                .onFailure(refusal -> calls.refused(refusal, () -> calls.detach(kept, number)));
    }

    /** Attaches a reader of a generation that another node keeps. */
    private Future<Attachment> attachToCopy(KeptGeneration kept, boolean isLook) {
        TextCopy copy = copies.use(kept);
        long number = calls.nextReader();
        var reader = new Attachment(context, copy.kept(), leaving -> {
            copies.leave(copy, leaving);
            calls.detach(copy, number);
        });
        return copy.unlessGone(calls.attach(copy, number, isLook))
                .compose(reply ->
                        reply.body() instanceof Attached attached && attached.answer() == Attached.Answer.ATTACHED
                                ? copy.add(reader, number, attached.bytes())
                                : attached(reader, reply.body()))
                .onFailure(refusal -> {
                    copies.leave(copy, reader);
                    calls.refused(refusal, () -> calls.detach(copy, number));
                });
    }

    /** Runs as the reply is dispatched: messages of the guardian come after it in the event loop's queue. */
    private Future<Attachment> attached(Attachment reader, Object reply) {
        Attached.Answer answer = reply instanceof Attached attached ? attached.answer() : Attached.Answer.UNKNOWN;
        if (answer != Attached.Answer.ATTACHED) {
            return AttachException.refused(answer);
        }
        elsewhere
                .computeIfAbsent(reader.generation().id(), id -> new LaneReaders())
                .add(reader);
        return Future.succeededFuture(reader);
    }

    private void leftElsewhere(Attachment leaving, long number) {
        KeptGeneration kept = leaving.generation();
        LaneReaders readers = elsewhere.get(kept.id());
        if (readers != null && readers.remove(leaving) && readers.isEmpty()) {
            elsewhere.remove(kept.id());
        }
        calls.detach(kept, number);
    }

    /**
     * Cancels or deletes a generation of another node, as {@link KeptGenerations#delete} does one of this process.
     *
     * @return whether its id is known, for this owner. Fails with an {@link AttachException} if what knows it does not
     *     answer in time. Fails with a {@link GenerationException} if there is no room to take it over
     */
    public Future<Boolean> deleteElsewhere(String id, String owner) {
        assert OnContext.check(context);
        return deletions.elsewhere(id, owner);
    }

    private boolean delete(String id, String owner) {
        GuardedGeneration known = guarded.get(id);
        boolean isKnown = store.delete(id, owner);
        if (isKnown && known != null) {
            known.delete();
        }
        return isKnown;
    }

    @Override
    public void receive(Message<?> message) {
        assert OnContext.check(context);
        if (message.body() instanceof Attach attach) {
            serve(message, attach);
        } else if (message.body() instanceof Cancel cancel) {
            message.reply(new Cancelled(cancel.generationId(), delete(cancel.generationId(), cancel.owner())));
        } else if (message.body() instanceof Detach detach) {
            GuardedGeneration known = guarded.get(detach.generationId());
            if (known != null) {
                known.left(detach.inbox(), detach.reader());
            }
            message.reply(null);
        }
    }

    private void serve(Message<?> message, Attach attach) {
        GuardedGeneration known = guarded.get(attach.generationId());
        if (known == null || !known.kept().facts().owner().equals(attach.owner())) {
            message.reply(new Attached(attach.generationId(), Attached.Answer.UNKNOWN));
            return;
        }
        Attached.Answer answer = known.attach(attach);
        message.reply(
                new Attached(attach.generationId(), answer, known.kept().text().utf8Length()));
        if (answer == Attached.Answer.ATTACHED) {
            known.serve(attach.inbox());
        }
    }

    @Override
    public boolean receive(InboxMessage message) {
        assert OnContext.check(context);
        if (copies.receive(message)) {
            return true;
        }
        LaneReaders readers = elsewhere.get(message.generationId());
        if (readers == null) {
            return false;
        }
        if (readers.receive(message)) {
            elsewhere.remove(message.generationId(), readers);
        }
        return true;
    }

    @Override
    public void compare(SentText sent) {
        copies.compare(sent);
    }

    @Override
    public void nodeGone(String gone) {
        assert OnContext.check(context);
        copies.nodeGone(gone);
    }

    @Override
    public void readersGone(String gone, OtherNodes.Absence absence) {
        assert OnContext.check(context);
        if (absence == OtherNodes.Absence.FROZEN || absence == OtherNodes.Absence.REMOVED) {
            copies.end(gone, CUT_OFF);
        }
        if (absence == OtherNodes.Absence.REMOVED) {
            List.copyOf(guarded.values()).forEach(known -> known.cut(CUT_OFF));
        }
        List.copyOf(guarded.values()).forEach(known -> known.readersGone(gone));
    }

    @Override
    public int cut() {
        assert OnContext.check(context);
        int ended = copies.end(Failure.draining());
        return ended
                + (int) List.copyOf(guarded.values()).stream()
                        .filter(known -> known.cut(Failure.draining()))
                        .count();
    }

    @Override
    public void closed() {
        assert OnContext.check(context);
        elsewhere.clear();
        copies.close();
        List<GuardedGeneration> all = new ArrayList<>(guarded.values());
        // One that was cut stays known until its text is forgotten: its entry is for the next guardian.
        guarded.values().removeIf(known -> !known.isCut());
        all.forEach(GuardedGeneration::close);
    }
}
