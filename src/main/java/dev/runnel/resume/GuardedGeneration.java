package dev.runnel.resume;

import dev.runnel.client.ClientGeneration;
import dev.runnel.client.Fence;
import dev.runnel.client.Inbox;
import dev.runnel.client.OpenWrites;
import dev.runnel.client.OtherNodes;
import dev.runnel.config.ResumeConfig;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.Holding;
import dev.runnel.message.Attach;
import dev.runnel.message.Attached;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.Part;
import dev.runnel.message.SentText;
import dev.runnel.net.OnContext;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import dev.runnel.text.SharedText;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A resumable generation at its guardian: appends the text, serves the readers, and cancels the generation if it has no
 * reader for the grace time. Belongs to the guardian's context.
 */
final class GuardedGeneration {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedGeneration.class);
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Context context;
    private final ResumeConfig config;
    private final KeptGenerations store;
    private final KeptGeneration kept;
    private final ClientGeneration generation;
    private final Holding memory;
    private final Optional<OpenWrites> writes;
    private final Consumer<GuardedGeneration> onIdle;
    private final LaneReaders here = new LaneReaders();
    private final Map<String, InboxReaders> elsewhere = new HashMap<>();
    private int readers;
    private long sequence;
    private long graceTimer = NO_TIMER;
    private boolean forgotten;
    /** Its readers are to go on at another node. The generator, on another node too, runs on. */
    private boolean isCut;

    /** @param onIdle runs once, when the text was dropped and no reader is left */
    GuardedGeneration(
            Vertx vertx,
            ResumeConfig config,
            KeptGenerations store,
            Started started,
            Consumer<GuardedGeneration> onIdle) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.config = config;
        this.store = store;
        this.kept = started.kept();
        this.generation = started.generation();
        this.onIdle = onIdle;
        this.memory = started.memory();
        this.writes = started.writes();
    }

    /**
     * A generation that was accepted, and what is kept of it.
     *
     * @param memory of the text until it has ended and has no reader
     * @param writes what is under way to other nodes
     */
    record Started(KeptGeneration kept, ClientGeneration generation, Holding memory, Optional<OpenWrites> writes) {}

    KeptGeneration kept() {
        return kept;
    }

    /** Reads the generation. */
    void start() {
        assert OnContext.check(context);
        startGrace();
        generation.onPart(this::part);
        generation.deltas().handler(this::delta);
        generation.end().onComplete(this::ended);
    }

    private void delta(Delta delta) {
        sequence = delta.sequence() + 1;
        int grown = kept.text().growthFor(delta.text());
        if (grown > 0 && !acquire(grown)) {
            return;
        }
        kept.text().append(delta.text());
        if (grown > 0) {
            store.grew(kept);
        }
        here.advanced();
        if (!elsewhere.isEmpty()) {
            signalElsewhere(furtherDelta(delta));
        }
    }

    /**
     * The delta for other inboxes, with a number one higher. A client cancels a generation that it does not know when
     * it receives delta 0 of it, and the reader there may just have left.
     */
    private static Delta furtherDelta(Delta delta) {
        return new Delta(delta.generationId(), delta.sequence() + 1, delta.text(), delta.tokens());
    }

    private void part(Part part) {
        sequence = part.sequence() + 1;
        int grown = kept.text().growthFor(part.json());
        if (grown > 0 && !acquire(grown)) {
            return;
        }
        kept.text().append(part.kind(), part.json());
        if (grown > 0) {
            store.grew(kept);
        }
        here.advanced();
        if (!elsewhere.isEmpty()) {
            signalElsewhere(
                    new Part(part.generationId(), part.sequence() + 1, part.kind(), part.json(), part.tokens()));
        }
    }

    /** Acquires the memory of the text while it grows. */
    private boolean acquire(int bytes) {
        Optional<HeldBytes.Bound> refusal = memory.resize(bytes);
        refusal.ifPresent(bound -> generation.cancel(new GenerationException(bound.failure())));
        return refusal.isEmpty();
    }

    private void ended(AsyncResult<Finished> how) {
        stopGrace();
        SharedText text = kept.text();
        text.trim();
        memory.resize(Math.min(memory.bytes(), text.capacity()));
        boolean isCutOff = how.failed() && InboxReaders.failureOf(how.cause()).code() == FailureCode.CLUSTER;
        isCut |= isCutOff;
        if (isCut) {
            store.cut(kept, how);
        } else {
            store.ended(kept, how);
        }
        releaseUnread();
        here.ended(how);
        List.copyOf(elsewhere.values()).forEach(there -> there.serve(sequence));
        if (isCutOff) {
            releaseLater();
        }
        expireAfter(config.retention(), vertx, store);
    }

    /** Whether a generation that has ended here may go on for a client that comes back to another node. */
    static boolean runsOnElsewhere(Throwable cause) {
        FailureCode code = InboxReaders.failureOf(cause).code();
        return code == FailureCode.CLUSTER || code == FailureCode.DRAINING;
    }

    /** If no other guardian has followed within the grace time, the generation has no reader. */
    private void releaseLater() {
        vertx.setTimer(config.grace().toMillis(), passed -> generation.forget());
    }

    /** Static, so that the timer refers to no text: a bound may drop it before this time. */
    private static void expireAfter(Duration retention, Vertx vertx, KeptGenerations store) {
        vertx.setTimer(retention.toMillis() + 1, passed -> store.expire());
    }

    /**
     * After the end and without a reader the bounds of kept texts are enough. A text with a reader is over them, so it
     * stays in the account of memory until the last one has left.
     */
    private void releaseUnread() {
        if (readers == 0 && kept.outcome().isPresent()) {
            memory.close();
        }
    }

    /** Attaches a reader of this context. */
    Attached.Answer attach(Attachment reader) {
        assert OnContext.check(context);
        Attached.Answer answer = attach();
        if (answer == Attached.Answer.ATTACHED) {
            here.add(reader);
            kept.outcome().ifPresent(reader::ended);
        }
        return answer;
    }

    private Attached.Answer attach() {
        Attached.Answer answer = store.attach(kept);
        if (answer == Attached.Answer.ATTACHED) {
            readers++;
            stopGrace();
        }
        return answer;
    }

    void left(Attachment reader) {
        assert OnContext.check(context);
        if (here.remove(reader)) {
            detach(1);
        }
    }

    /** Counts a reader of another client, unless it only looks. {@link #serve} must follow the answer to it. */
    Attached.Answer attach(Attach reader) {
        assert OnContext.check(context);
        InboxReaders before = elsewhere.get(reader.inbox());
        if (before != null && before.isBefore(reader)) {
            // They have left, and the message that says so was lost or is late.
            dropReaders(reader.inbox());
        }
        Attached.Answer answer = reader.isLook() ? store.look(kept) : attach();
        if (answer == Attached.Answer.ATTACHED) {
            elsewhere
                    .computeIfAbsent(reader.inbox(), address -> readersAt(reader))
                    .add(reader);
        }
        return answer;
    }

    private InboxReaders readersAt(Attach first) {
        String address = first.inbox();
        Optional<OpenWrites> open = first.node().isEmpty() ? Optional.empty() : writes;
        Inbox inbox = Inbox.at(vertx, address, open);
        inbox.compareAt(first.node(), new SentText(kept.id(), first.reader(), 0));
        return new InboxReaders(kept, inbox, first, gone -> {
            if (elsewhere.get(address) == gone) {
                dropReaders(address);
            }
        });
    }

    /** Sends the text so far to a reader on another node, and the end to a reader that was attached after it. */
    void serve(String inbox) {
        assert OnContext.check(context);
        InboxReaders there = elsewhere.get(inbox);
        if (there != null) {
            there.serve(sequence);
        }
    }

    void left(String inbox, long number) {
        assert OnContext.check(context);
        InboxReaders there = elsewhere.get(inbox);
        if (there == null) {
            return;
        }
        boolean isReader = there.remove(number);
        if (there.isEmpty()) {
            elsewhere.remove(inbox);
            there.close();
        }
        if (isReader) {
            detach(1);
        }
    }

    /** A node is gone, and the readers there with it. */
    void readersGone(String node) {
        assert OnContext.check(context);
        List.copyOf(elsewhere.entrySet()).stream()
                .filter(there -> there.getValue().isOn(node))
                .forEach(there -> {
                    // A machine that was paused does not know it.
                    there.getValue().giveUp();
                    dropReaders(there.getKey());
                });
    }

    private void signalElsewhere(NumberedMessage signal) {
        List.copyOf(elsewhere.values()).forEach(there -> there.advanced(signal));
    }

    /** Their inbox is not registered any more. */
    private void dropReaders(String inbox) {
        InboxReaders gone = elsewhere.remove(inbox);
        if (gone == null) {
            return;
        }
        gone.close();
        if (gone.count() > 0) {
            detach(gone.count());
        }
    }

    private void detach(int count) {
        readers -= count;
        store.detach(kept, count);
        if (readers == 0 && kept.outcome().isEmpty()) {
            startGrace();
        }
        releaseUnread();
        completeIfIdle();
    }

    /**
     * This process stops, or the cluster went on without it: readers are to go on at another node. Without effect if
     * the generation runs in this process: then its generator ends it.
     *
     * @return whether it had no end before
     */
    boolean cut(Failure why) {
        assert OnContext.check(context);
        if (isCut || kept.outcome().isPresent()) {
            return false;
        }
        // The end may be processed within the call.
        isCut = true;
        isCut = generation.cut(why, true);
        return isCut;
    }

    boolean isCut() {
        return isCut;
    }

    /** Its caller deleted it. If it runs, its readers get the end. */
    void delete() {
        generation.cancel(Cancel.Cause.DELETED);
    }

    /** No reader can be served any more: the readers of other clients cannot leave. */
    void close() {
        if (!isCut) {
            store.close(kept);
        }
        memory.close();
        closeElsewhere();
    }

    private void closeElsewhere() {
        elsewhere.values().forEach(InboxReaders::close);
        elsewhere.clear();
    }

    /** The text was dropped. */
    void forgotten() {
        assert OnContext.check(context);
        forgotten = true;
        if (!isCut) {
            generation.forget();
        }
        completeIfIdle();
    }

    private void completeIfIdle() {
        if (forgotten && readers == 0) {
            closeElsewhere();
            onIdle.accept(this);
        }
    }

    private void startGrace() {
        Optional<Fence.Pass> running =
                OtherNodes.of(vertx).map(nodes -> nodes.fence().pass());
        graceTimer = vertx.setTimer(config.grace().toMillis(), passed -> graceIsOver(running));
    }

    /** A node that was frozen has served no client. When it wakes, the timer may run before all else. */
    private void graceIsOver(Optional<Fence.Pass> running) {
        graceTimer = NO_TIMER;
        if (running.map(Fence.Pass::isValid).orElse(true)) {
            abandon();
        } else {
            startGrace();
        }
    }

    private void stopGrace() {
        if (graceTimer != NO_TIMER) {
            vertx.cancelTimer(graceTimer);
            graceTimer = NO_TIMER;
        }
    }

    private void abandon() {
        store.abandoned();
        LOG.atDebug().addKeyValue("generation", kept.id()).log("cancelled: no reader within the grace time");
        generation.cancel(new GenerationException(Failure.of(
                FailureCode.ABANDONED,
                "no client read the generation for " + config.grace().toSeconds()
                        + " s, so it was cancelled; send the request again")));
    }
}
