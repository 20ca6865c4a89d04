package dev.runnel.client;

import dev.runnel.message.Accepted;
import dev.runnel.message.Cancel;
import dev.runnel.message.Continuation;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.Part;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.Usage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the text of a generation on another node, and goes on with another generator when that node is gone. One run
 * is the current one. Until its successor has sent a message, the one that sends the next message is the current run
 * from then on. The other is cancelled. Belongs to the client's context.
 */
final class Guard {

    /** How often a generation may go on. */
    static final int MAX_CONTINUATIONS = 3;

    private final Setting setting;
    private final String id;
    /** Without the text of earlier runs, and after the end without the prompt. */
    private Submit submit;

    private final ContinuableText text;
    private final OwnAccount account;
    /** The generators that were asked to run it, by epoch. */
    private final Map<Integer, String> generators = new HashMap<>();

    private @Nullable Guarded guarded;
    private Run run;
    private int lastEpoch;
    private int continuations;
    private boolean hasParts;
    private long heardNanos;
    private @Nullable Successor successor;
    /** The generator that was asked last. In this process its first message may precede its answer. */
    private @Nullable Run asked;

    /** Of a run that cannot go on, and whose acceptance is not known yet; 0 without one. */
    private int lostEpoch;

    private Failure endIfLost = GeneratorSearch.nodeIsGone();

    /** Each successor asks on its own: one that is dropped may still have an answer under way. */
    private int lastSearch;

    /**
     * What the guards of a client share.
     *
     * @param asking sends a submit
     * @param cancelling sends a cancel to an address
     */
    record Setting(
            Context context,
            OtherNodes nodes,
            GeneratorSearch search,
            BiFunction<GeneratorSearch.Target, Submit, Future<Accepted>> asking,
            BiConsumer<String, Cancel> cancelling) {}

    /**
     * Watches a generation.
     *
     * @param submit the text of earlier runs is in its continuation
     * @param first the run that was accepted, or that is taken over
     */
    Guard(Setting setting, String id, Submit submit, Run first) {
        this.setting = setting;
        this.id = id;
        this.submit = submit.withContinuation(Continuation.NONE);
        this.run = first;
        this.lastEpoch = first.epoch();
        this.heardNanos = setting.nodes().nanos();
        this.account = new OwnAccount(id, submit, heardNanos);
        this.text = new ContinuableText(
                setting.nodes().copies().open(submit.origin().keyId()));
        generators.put(first.epoch(), first.generator());
        if (submit.continuation().isPresent() && !first.node().isEmpty()) {
            text.append(submit.continuation().textSoFar());
        }
    }

    /** Called once, before everything else. */
    void watch(Guarded generation) {
        guarded = generation;
    }

    private Guarded guarded() {
        return Objects.requireNonNull(guarded);
    }

    /** Whether it is a message of the current run, and no other run is sought. */
    boolean isCurrent(InboxMessage message) {
        return successor == null && message.epoch() == run.epoch();
    }

    /** Whether to process a message of which {@link #isCurrent} says no. */
    boolean accepts(InboxMessage message) {
        Successor next = successor;
        if (next != null && (next.hasEpoch(message.epoch()) || isAsked(message.epoch()))) {
            return acceptsSuccessor(next, message);
        }
        if (message.epoch() == run.epoch()) {
            return isNext(message) && returned(message);
        }
        String generator = generators.get(message.epoch());
        if (generator != null && message instanceof NumberedMessage) {
            cancel(generator, Cancel.Cause.CONTINUED, message.epoch());
        }
        return false;
    }

    private boolean isAsked(int epoch) {
        return asked != null && asked.epoch() == epoch;
    }

    private boolean isNext(InboxMessage message) {
        return message instanceof NumberedMessage numbered
                && numbered.sequence() == guarded().nextSequence()
                && !ClientFailures.isOfOneRun(message);
    }

    /** Whether the current run is on another node, which has given the generation back. */
    boolean isHandedOver(Failed failed) {
        return failed.failure().code() == FailureCode.DRAINING && isElsewhere();
    }

    /** Whether the current run is, or was, on another node. */
    boolean isElsewhere() {
        return !run.node().isEmpty();
    }

    /** Whether another run is sought. */
    boolean isSeeking() {
        return successor != null;
    }

    private boolean acceptsSuccessor(Successor next, InboxMessage message) {
        if (isNext(message)) {
            boolean hasFailed = message instanceof Failed;
            report(hasFailed ? ContinuationListener.Outcome.LOST : ContinuationListener.Outcome.CONTINUED);
            become(next);
            return true;
        }
        if (ClientFailures.isOfOneRun(message) || hasLostStart(message)) {
            lose(next, message.epoch());
        }
        return false;
    }

    /** Whether the first message of its run was lost between two nodes. */
    private boolean hasLostStart(InboxMessage message) {
        return message instanceof Ended
                || (message instanceof NumberedMessage numbered
                        && numbered.sequence() > guarded().nextSequence());
    }

    /** The run that is to go on cannot. Another one is sought. */
    private void lose(Successor next, int epoch) {
        cancel(Objects.requireNonNull(generators.get(epoch)), Cancel.Cause.CONTINUED, epoch);
        asked = null;
        if (next.hasEpoch(epoch)) {
            next.failed();
        } else {
            lostEpoch = epoch;
        }
    }

    /** The successor is the current run from now on. */
    private void become(Successor next) {
        Run before = run;
        run = Objects.requireNonNull(next.accepted() == null ? asked : next.accepted());
        next.leave();
        successor = null;
        setting.nodes().sought().remove(id);
        cancel(before.generator(), Cancel.Cause.CONTINUED, before.epoch());
        guarded().moved();
    }

    /**
     * The current run has sent the next message after all. If its node is here, the successor is not needed. Else the
     * message was under way when the node died, and others may follow it: the search starts again after them.
     */
    private boolean returned(InboxMessage message) {
        dropSuccessor();
        boolean isEnd = !(message instanceof Delta || message instanceof Part);
        if (isEnd || setting.nodes().knows(run.node())) {
            report(ContinuationListener.Outcome.RETURNED);
        } else {
            Successor later = newSuccessor();
            successor = later;
            later.startAfterRest();
        }
        return true;
    }

    private void dropSuccessor() {
        Successor dropped = successor;
        successor = null;
        setting.nodes().sought().remove(id);
        asked = null;
        if (dropped != null) {
            dropped.drop();
        }
    }

    /** Text of the current run. */
    void append(Delta delta) {
        heardNanos = setting.nodes().nanos();
        if (run.node().isEmpty()) {
            // It ends with this process.
            return;
        }
        text.append(delta);
    }

    /** A part of the current run. What it is the start of is not known as text, so no engine goes on after it. */
    void appendPart() {
        hasParts = true;
    }

    /** Nodes are gone; returns whether the current run was on one of them. */
    boolean gone(Set<String> addresses) {
        Successor next = successor;
        if (next != null && next.isOn(addresses)) {
            next.failed();
        }
        return addresses.contains(run.generator());
    }

    /** Whether the current run is on that node. */
    boolean runsOn(String node) {
        return run.node().equals(node);
    }

    /** Goes on with another generator, as the node of the current one is gone. See {@link #goOn(Failure)}. */
    boolean goOn() {
        return goOn(GeneratorSearch.nodeIsGone());
    }

    /**
     * Goes on with another generator; returns whether that is possible. Without effect while it is sought.
     *
     * @param why the end of the generation if no generator goes on
     */
    boolean goOn(Failure why) {
        return goOn(why, Successor::start);
    }

    /** This process did not run. Messages that have waited for it are read first: with one, no other run is sought. */
    boolean goOnAfterRest() {
        return goOn(GeneratorSearch.nodeIsGone(), Successor::startAfterRest);
    }

    private boolean goOn(Failure why, Consumer<Successor> start) {
        if (successor != null) {
            return true;
        }
        endIfLost = why;
        if (run.node().isEmpty() || hasParts || text.isDropped() || continuations >= MAX_CONTINUATIONS) {
            report(ContinuationListener.Outcome.LOST);
            return false;
        }
        Successor next = newSuccessor();
        successor = next;
        start.accept(next);
        return true;
    }

    private Successor newSuccessor() {
        int search = ++lastSearch;
        Supplier<TextSoFar> copy = text.copied();
        setting.nodes().sought().add(id, submit.origin().owner(), setting.context(), guarded()::cancel);
        return new Successor(setting.context(), setting.nodes(), new Successor.Owner() {

            @Override
            public Future<Run> find() {
                return Guard.this.find(search, copy);
            }

            @Override
            public void failed(Failure why) {
                successorFailed(why);
            }

            @Override
            public void dropped(Run accepted) {
                if (accepted.epoch() == run.epoch()) {
                    run = accepted;
                } else {
                    cancel(accepted.generator(), Cancel.Cause.CONTINUED, accepted.epoch());
                }
            }
        });
    }

    private Future<Run> find(int search, Supplier<TextSoFar> copy) {
        return continuations >= MAX_CONTINUATIONS
                ? Future.failedFuture(new GenerationException(ClientFailures.notSought()))
                : setting.search()
                        .find(submit, Set.of(run.node()), (target, placed) -> ask(search, copy, target, placed));
    }

    /** Each generator gets an epoch of its own: one that did not answer may still have started. */
    private Future<Run> ask(int search, Supplier<TextSoFar> copy, GeneratorSearch.Target target, Submit placed) {
        if (successor == null || search != lastSearch) {
            return Future.failedFuture(new GenerationException(ClientFailures.notSought()));
        }
        if (!setting.nodes().isCertain()) {
            return Future.failedFuture(new GenerationException(GeneratorSearch.nodeIsGone()));
        }
        int epoch = ++lastEpoch;
        generators.put(epoch, target.address());
        asked = new Run(epoch, target.address(), target.node());
        var continuation = new Continuation(id, epoch, guarded().nextSequence(), copy.get());
        return setting.asking()
                .apply(target, placed.withContinuation(continuation))
                .map(accepted -> accepted(accepted, epoch, target.node()));
    }

    private Run accepted(Accepted accepted, int epoch, String node) {
        if (!accepted.generationId().equals(id)) {
            // A generator of an older version starts a new generation.
            setting.cancelling()
                    .accept(accepted.generator(), new Cancel(accepted.generationId(), Cancel.Cause.CONSUMER_GONE));
            throw new GenerationException(GeneratorSearch.nodeIsGone());
        }
        continuations++;
        if (epoch == lostEpoch) {
            throw new GenerationException(GeneratorSearch.nodeIsGone());
        }
        generators.put(epoch, accepted.generator());
        return new Run(epoch, accepted.generator(), node);
    }

    private void successorFailed(Failure why) {
        successor = null;
        setting.nodes().sought().remove(id);
        report(ContinuationListener.Outcome.LOST);
        if (why.code() == FailureCode.CLUSTER) {
            // What becomes of it is decided where enough members are.
            guarded().givenUp(why);
            return;
        }
        guarded().givenUp(endIfLost);
    }

    /**
     * Cancels what runs.
     *
     * @return whether a generator answers; else the generation has to end here
     */
    boolean cancel(Cancel.Cause cause) {
        Successor next = successor;
        if (next != null) {
            report(ContinuationListener.Outcome.CANCELLED);
            if (next.accepted() == null) {
                dropSuccessor();
                return false;
            }
            become(next);
        }
        cancel(run.generator(), cause, run.epoch());
        return true;
    }

    Setting setting() {
        return setting;
    }

    /** Whether its generator may keep it for another guardian. */
    boolean isResumable() {
        return submit.isResumable();
    }

    private void cancel(String generator, Cancel.Cause cause, int epoch) {
        setting.cancelling().accept(generator, new Cancel(id, cause, "", epoch));
    }

    private void report(ContinuationListener.Outcome outcome) {
        setting.nodes().continuations().ended(outcome, setting.nodes().nanos() - heardNanos);
    }

    /** The current run. */
    Run run() {
        return run;
    }

    /** The key of the request. */
    String keyId() {
        return submit.origin().keyId();
    }

    /** The epoch of the current run. */
    int epoch() {
        return run.epoch();
    }

    /** What was used, as far as it is known here. */
    Usage usage() {
        return account.usage(text.tokens());
    }

    /** The account of a generation of which no generator sends one. */
    Ended ended(OwnAccount.How how) {
        var end = new OwnAccount.End(how, guarded().nextSequence(), run.epoch());
        return account.ended(
                end, how.usage().orElseGet(this::usage), setting.nodes().nanos());
    }

    /** No more text is expected. The generation may be known for much longer. */
    void release() {
        if (successor != null) {
            report(ContinuationListener.Outcome.CANCELLED);
        }
        dropSuccessor();
        text.drop();
        submit = submit.withoutPrompt();
    }
}
