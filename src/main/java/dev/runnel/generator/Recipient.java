package dev.runnel.generator;

import dev.runnel.client.BusFailures;
import dev.runnel.client.Inbox;
import dev.runnel.client.OpenWrites;
import dev.runnel.client.OtherNodes;
import dev.runnel.generator.KeptRuns.KeptRun;
import dev.runnel.message.Adopt;
import dev.runnel.message.Ended;
import dev.runnel.message.Finished;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.KeptText;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.SentText;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The consumer that gets the messages of one run. If it is gone, the run ends. One that is kept waits for another
 * guardian, for the grace time. For one context.
 */
final class Recipient {

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final String id;
    private final Shared shared;
    private final Consumer<Ending> left;
    /** Its guardian is on another node, and the generation is resumable; {@code null} for all others. */
    private final @Nullable KeptRun kept;

    private String address;
    private String node;
    private Inbox inbox;
    private Handler<Throwable> notReached;
    private long graceTimer = NO_TIMER;
    /** Whether it waits for another guardian. */
    private boolean isOrphan;
    /** Whether there were enough members all the time since then. */
    private BooleanSupplier majority = () -> true;

    private boolean isEnded;
    private @Nullable Finished finished;
    /** The last message before the account. */
    private @Nullable NumberedMessage end;

    /**
     * What all recipients of a generator use.
     *
     * @param kept what is kept of resumable generations; empty without a cluster
     * @param writes what is under way to other nodes
     */
    record Shared(Optional<KeptRuns> kept, Optional<OpenWrites> writes) {}

    /** What follows for a new guardian: the epoch, and the number of the next message. */
    record Next(int epoch, long sequence) {}

    /**
     * The consumer of a submit.
     *
     * @param left ends the run: its consumer is gone
     */
    Recipient(Vertx vertx, String id, Submit submit, Shared shared, Consumer<Ending> left) {
        this.vertx = vertx;
        this.id = id;
        this.shared = shared;
        this.left = left;
        this.address = submit.inbox();
        this.node = submit.placement().node();
        this.inbox = inboxFor(submit.continuation().epoch());
        this.notReached = handlerOf(inbox);
        this.kept = submit.isResumable() && !node.isEmpty()
                ? shared.kept().flatMap(runs -> runs.open(id, submit)).orElse(null)
                : null;
    }

    private Inbox inboxFor(int epoch) {
        Inbox its = Inbox.at(vertx, address, shared.writes());
        its.compareAt(node, new SentText(id, epoch, 0));
        return its;
    }

    /** A failed send to an earlier guardian does not concern the present one. */
    private Handler<Throwable> handlerOf(Inbox receiver) {
        return failure -> {
            if (inbox == receiver) {
                sendFailed(failure);
            }
        };
    }

    String address() {
        return address;
    }

    /** Its node; empty in this process. */
    String node() {
        return node;
    }

    /** Whether another guardian could go on with the generation. */
    boolean isKept() {
        return kept != null && kept.isKept();
    }

    /** Whether it waits for another guardian. */
    boolean isOrphan() {
        return isOrphan && isKept();
    }

    /** Whether the guardian that is gone may have gone on with it: this node may be the one that was removed. */
    boolean isDoubtful() {
        return isOrphan && !majority.getAsBoolean();
    }

    /** Whether it is on another node, which has not left. */
    boolean isElsewhere() {
        return !node.isEmpty() && !isOrphan;
    }

    void send(NumberedMessage message) {
        inbox.send(message).onFailure(notReached);
        KeptRun run = kept;
        if (run != null) {
            run.append(message);
            if (isOrphan && !run.isKept()) {
                end();
            }
        }
    }

    /** Sends an end, or the account. */
    void sendLast(InboxMessage message) {
        inbox.send(message);
        if (message instanceof NumberedMessage last) {
            end = last;
        }
        if (message instanceof Finished last) {
            finished = last;
        }
    }

    /**
     * Sends the account to another node; completes when the consumer has it. Fails if the consumer goes on elsewhere.
     *
     * @return with what confirms to the consumer that the account is published
     */
    Future<Runnable> deliver(Ended account) {
        return new EndDelivery(vertx, address, inbox, Optional.ofNullable(end), account).send();
    }

    /** Whether so much is under way to it that text should wait. */
    boolean isFull() {
        return inbox.isFull();
    }

    /** Runs an action once {@link #isFull} is false. */
    void whenWritable(Runnable action) {
        inbox.whenWritable(action);
    }

    /** No more text is sent. */
    void leave(Runnable action) {
        inbox.leave(action);
    }

    /** A message did not reach the consumer: its inbox is closed, or its node is not reached. */
    private void sendFailed(Throwable failure) {
        boolean isClosed = BusFailures.hasNoReceiver(failure);
        if (isKept()) {
            if (isClosed) {
                awaitGuardian();
            }
        } else if (isClosed || node.isEmpty()) {
            left.accept(new Ending.Abandoned());
        } else {
            gone(node, OtherNodes.Absence.SILENT);
        }
    }

    /**
     * The consumers of a node are gone, or have given up this node. Only if the node has left, that is the end of a
     * generation: else the consumer may go on elsewhere. A kept one runs on.
     */
    void gone(String gone, OtherNodes.Absence absence) {
        if (!node.equals(gone)) {
            return;
        }
        boolean isOfThisProcess = absence == OtherNodes.Absence.FROZEN || absence == OtherNodes.Absence.REMOVED;
        if (isOrphan() && isOfThisProcess) {
            return;
        }
        boolean isKeptFor = isKept() && (absence != OtherNodes.Absence.SILENT || hasEnoughMembers());
        if (!isKeptFor || isOfThisProcess) {
            left.accept(
                    switch (absence) {
                        case LEFT -> new Ending.Failed(new Ending.Unheard(node).failure());
                        case SILENT -> new Ending.Unheard(node);
                        case FROZEN, REMOVED -> new Ending.Unheard("");
                    });
        } else if (absence == OtherNodes.Absence.LEFT) {
            awaitGuardian();
        }
    }

    /** A part with fewer continues nothing: the guardian may go on with another generator. */
    private boolean hasEnoughMembers() {
        return OtherNodes.of(vertx).map(OtherNodes::isAccepting).orElse(true);
    }

    private void awaitGuardian() {
        if (isOrphan) {
            return;
        }
        isOrphan = true;
        majority = OtherNodes.of(vertx).map(OtherNodes::majority).orElse(majority);
        if (!isEnded) {
            graceTimer = shared.kept()
                    .map(runs -> vertx.setTimer(runs.grace().toMillis(), passed -> abandon()))
                    .orElse(NO_TIMER);
        }
    }

    private void abandon() {
        graceTimer = NO_TIMER;
        left.accept(new Ending.Failed(Failure.of(
                FailureCode.ABANDONED,
                "no client came back for the generation after its node was gone, so it was cancelled; send the request"
                        + " again")));
    }

    private void end() {
        stopGrace();
        left.accept(new Ending.Failed(new Ending.Unheard(node).failure()));
    }

    private void stopGrace() {
        if (graceTimer != NO_TIMER) {
            vertx.cancelTimer(graceTimer);
            graceTimer = NO_TIMER;
        }
    }

    /**
     * Replies to a client that wants to be the guardian, if the one before is gone, and sends it what follows.
     *
     * @param next what follows
     * @param unfold the action of {@link #whenWritable}
     * @return whether it is the guardian now; else there is no reply
     */
    boolean adopt(Message<Object> message, Adopt adopt, Next next, Runnable unfold) {
        KeptRun run = kept;
        boolean isGivenUp = address.equals(adopt.inbox()) || address.equals(adopt.givenUpBy());
        boolean isFree = (isOrphan || isGivenUp) && hasEnoughMembers();
        Optional<Submit> submit =
                run == null || !isFree ? Optional.empty() : run.submit(adopt.inbox(), next.epoch(), next.sequence());
        if (run == null || submit.isEmpty()) {
            return false;
        }
        stopGrace();
        isOrphan = false;
        if (!isEnded) {
            inbox.leave(unfold);
        }
        address = adopt.inbox();
        node = adopt.node();
        inbox = inboxFor(next.epoch());
        notReached = handlerOf(inbox);
        message.reply(submit.get());
        run.end(next.epoch()).forEach(inbox::send);
        if (isEnded) {
            inbox.leave(unfold);
        }
        if (node.isEmpty()) {
            run.close();
        }
        return true;
    }

    /** The text that another guardian could go on with, for a look; empty while there is a guardian. */
    Optional<KeptText> keptText() {
        KeptRun run = kept;
        return run == null || !isOrphan || !hasEnoughMembers() ? Optional.empty() : run.text();
    }

    /** The run has ended, and its messages were sent. */
    void ended(Ended account) {
        isEnded = true;
        stopGrace();
        if (kept != null) {
            kept.ended(finished, account);
            if (isOrphan && !kept.isKept()) {
                shared.kept().ifPresent(runs -> runs.forgotten(id));
            }
        }
    }

    /** An ended one is not kept any longer. */
    void forget() {
        if (kept != null) {
            kept.close();
        }
        if (isOrphan) {
            shared.kept().ifPresent(runs -> runs.forgotten(id));
        }
    }
}
