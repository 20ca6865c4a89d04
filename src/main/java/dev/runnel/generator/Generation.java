package dev.runnel.generator;

import dev.runnel.client.OtherNodes;
import dev.runnel.engine.Completion;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Sink;
import dev.runnel.generator.AdmissionCheck.Admitted;
import dev.runnel.generator.GenerationState.Closed;
import dev.runnel.generator.GenerationState.Prompting;
import dev.runnel.generator.GenerationState.Stopping;
import dev.runnel.generator.GenerationState.Streaming;
import dev.runnel.generator.GenerationState.Waiting;
import dev.runnel.generator.GenerationState.Working;
import dev.runnel.message.Adopt;
import dev.runnel.message.Cancel;
import dev.runnel.message.Ended;
import dev.runnel.message.Part;
import dev.runnel.message.Status;
import dev.runnel.metric.ModelMeters;
import dev.runnel.net.Deadline;
import dev.runnel.net.OnContext;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import dev.runnel.text.TokenIds;
import dev.runnel.text.Usage;
import dev.runnel.trace.GenerationTrace;
import io.vertx.core.eventbus.Message;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One generation, from its acceptance to its end. {@link GenerationState} has the diagram of its states. All methods
 * run on the generator's context. Its place at the model is free when, and only when, the engine reports the end.
 */
final class Generation implements Sink {

    private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

    private final String id;
    private final String owner;
    private final Model model;
    private final ModelQueue queue;
    private final GeneratorContext generator;
    private final Consumer<Generation> onEnd;
    private final Ticket ticket;
    private final Recipient recipient;
    private final Outbox outbox;
    private final GenerationStats stats;
    private final Deadline deadline;
    private ConsumerFence fence;
    private final OutputSize size;

    /** From its acceptance on. */
    private @Nullable GenerationTrace trace;

    /** Until it has started or ended: nothing of the request is needed after that. */
    private @Nullable PreparedPrompt prepared;

    private GenerationState state = new Waiting();

    /** @param onEnd runs at the end, after the end was published and counted */
    Generation(String id, Admitted admitted, GeneratorContext generator, Consumer<Generation> onEnd) {
        var vertx = generator.context().owner();
        var submit = admitted.submit();
        this.id = id;
        this.owner = submit.origin().owner();
        this.model = admitted.model();
        this.queue = admitted.queue();
        this.prepared = admitted.prepared();
        this.generator = generator;
        this.onEnd = onEnd;
        this.ticket = new Ticket(
                KeyShare.of(submit), admitted.prepared().cells(), generator.context(), this::start, this::displaced);
        this.recipient = new Recipient(
                vertx,
                id,
                submit,
                new Recipient.Shared(generator.setup().kept(), generator.writes()),
                this::consumerLeft);
        this.outbox = new Outbox(
                generator.context(),
                new Outbox.Run(
                        id, submit.continuation().epoch(), submit.continuation().sequence()),
                recipient,
                generator.observers());
        this.stats = new GenerationStats(
                submit, admitted.model().name(), admitted.prepared().promptTokens(), generator.nanos());
        this.fence = new ConsumerFence(vertx, recipient.node());
        this.deadline = new Deadline(vertx, generator.nanos(), this::deadlineIsMissed, this::wholeDeadlineIsMissed);
        this.size = new OutputSize(
                generator.config().maxTextBytes(), submit.continuation().textSoFar());
    }

    private ModelMeters meters() {
        return model.meters();
    }

    String id() {
        return id;
    }

    /** How often the generation was continued before this run, this time included, and how often it was adopted. */
    int epoch() {
        return outbox.epoch();
    }

    /** Whether it was requested by a key of this owner. */
    boolean belongsTo(String other) {
        return !other.isEmpty() && other.equals(owner);
    }

    /** Whether its consumer has its end. The engine may still run. */
    boolean isEndSent() {
        return state instanceof Closed
                || (state instanceof Stopping stopping && stopping.ending().isSentAtOnce());
    }

    Status status() {
        Status.Phase phase = state instanceof Waiting ? Status.Phase.WAITING : Status.Phase.RUNNING;
        return new Status(id, phase, model.name(), size.utf8Bytes(), recipient.address());
    }

    /** Acquires a place to run or to wait; returns the reason if it gets no place. */
    Optional<ModelQueue.Full> enter() {
        assert OnContext.check(generator.context());
        return queue.enter(ticket);
    }

    /** It got no place: its consumer gets no message. */
    void refused() {
        outbox.close();
        recipient.forget();
    }

    /** Starts it or lets it wait. Called after the acceptance was sent. */
    void proceed(GenerationTrace span) {
        assert OnContext.check(generator.context());
        trace = span;
        if (queue.hasPlace(ticket)) {
            start();
        } else {
            deadline.set(generator.config().queueWait());
        }
    }

    void cancel(Cancel.Cause cause) {
        assert OnContext.check(generator.context());
        switch (cause) {
            case CONSUMER_GONE -> consumerLeft(new Ending.Abandoned());
            case CONTINUED -> stop(new Ending.Continued());
            case DELETED, UNKNOWN -> stop(new Ending.Done(FinishReason.CANCELLED));
            case FILTERED -> stop(new Ending.Done(FinishReason.CONTENT_FILTER));
        }
    }

    /**
     * Ends it because the service stops. A consumer on another node goes on with another generator.
     *
     * @return whether its ending was undecided before
     */
    boolean cut() {
        assert OnContext.check(generator.context());
        boolean undecided = state instanceof Waiting || state instanceof Working;
        String node = recipient.node();
        stop(node.isEmpty() ? new Ending.Failed(Failure.draining()) : new Ending.HandedOver(node));
        return undecided;
    }

    /** Called when there is a place. It may have started or have been cancelled before. */
    private void start() {
        assert OnContext.check(generator.context());
        if (!(state instanceof Waiting waiting)) {
            return;
        }
        stats.started();
        deadline.set(generator.config().firstToken(), generator.config().longest());
        try {
            PreparedPrompt prompt = Objects.requireNonNull(prepared);
            prepared = null;
            state = waiting.start(model.engine().start(prompt, this));
            meters().queued(stats.queuedNanos());
        } catch (RuntimeException | Error e) {
            LOG.error("model {} could not start a generation", model.name(), e);
            failed(Failure.of(FailureCode.ENGINE_FAILED, "the engine failed; try again"));
        }
    }

    @Override
    public void piece(EscapedText text, int tokens) {
        piece(text, tokens, TokenIds.NONE);
    }

    @Override
    public void piece(EscapedText text, int tokens, TokenIds ids) {
        generated(tokens);
        if (state instanceof Streaming) {
            stats.paused(deadline.touch());
            send(text, tokens, ids);
        }
    }

    /** A consumer of this process needs none: it ends with its generator. */
    @Override
    public boolean wantsTokenIds() {
        return !recipient.node().isEmpty();
    }

    private void generated(int tokens) {
        assert OnContext.check(generator.context());
        if (state instanceof Working && fence.isRaised()) {
            consumersGone(recipient.node(), OtherNodes.Absence.FROZEN);
        }
        stats.generated(tokens);
        if (state instanceof Prompting prompting) {
            state = prompting.firstPiece();
            meters().firstToken(stats.firstTokenNanos());
            deadline.next(generator.config().nextToken());
        }
    }

    @Override
    public void part(PartKind kind, String json, int tokens) {
        generated(tokens);
        if (state instanceof Streaming) {
            stats.paused(deadline.touch());
            if (size.addPart(json)) {
                outbox.send(kind, json, tokens);
            } else {
                stop(new Ending.Failed(Failure.of(
                        FailureCode.UPSTREAM_FAILED,
                        "the model answered with more than " + Part.MAX_BYTES
                                + " bytes of tool calls and reasoning; ask for less")));
            }
        }
    }

    /** A text over its limit ends before the piece that exceeds it. */
    private void send(EscapedText text, int tokens, TokenIds ids) {
        if (size.add(text)) {
            outbox.send(text, tokens, ids);
        } else {
            stop(new Ending.Done(FinishReason.LENGTH));
        }
    }

    @Override
    public void completed(Completion completion) {
        assert OnContext.check(generator.context());
        queue.leave(ticket);
        end(decidedOr(new Ending.Done(completion.finishReason())), completion.usage());
    }

    @Override
    public void failed(Failure failure) {
        failed(failure, stats.counted());
    }

    @Override
    public void failed(Failure failure, Usage usage) {
        assert OnContext.check(generator.context());
        queue.leave(ticket);
        end(decidedOr(new Ending.Failed(failure)), usage);
    }

    @Override
    public @Nullable String traceparent() {
        return trace().traceparent();
    }

    private GenerationTrace trace() {
        return Objects.requireNonNull(trace, "not accepted");
    }

    private Ending decidedOr(Ending fromEngine) {
        return state instanceof Stopping stopping ? stopping.ending() : fromEngine;
    }

    private void consumerLeft(Ending ending) {
        assert OnContext.check(generator.context());
        stats.consumerLeft();
        stop(ending);
    }

    /** The consumers of a node are gone, or have given up this node. */
    void consumersGone(String node, OtherNodes.Absence absence) {
        assert OnContext.check(generator.context());
        recipient.gone(node, absence);
    }

    /** Whether its text is kept for another guardian. */
    boolean isKept() {
        return recipient.isKept();
    }

    /** Whether it is kept, and has lost its guardian. */
    boolean isOrphan() {
        return recipient.isOrphan();
    }

    /** The status with the text that is kept, if it has lost its guardian. */
    Status keptStatus(String asking) {
        assert OnContext.check(generator.context());
        return isAdoptable(asking) ? status().withText(recipient.keptText()) : Status.unknown(id);
    }

    /** Whether another guardian may follow for a caller: not after a failure that the engine still ends. */
    private boolean isAdoptable(String asking) {
        return belongsTo(asking) && isKept() && (state instanceof Closed || !isEndSent());
    }

    /** Replies to a client that wants to be the guardian. */
    void adopt(Message<Object> message, Adopt adopt) {
        assert OnContext.check(generator.context());
        if (!isAdoptable(adopt.owner())) {
            message.reply(Status.unknown(id));
        } else if (outbox.adopt(message, adopt)) {
            fence = new ConsumerFence(generator.context().owner(), recipient.node());
            generator.publication().withheld().adopted(id, epoch() - 1);
        } else {
            message.reply(status());
        }
    }

    /** It has ended, and its text is not kept any longer. */
    void forget() {
        recipient.forget();
    }

    private void displaced(int retryAfterSeconds) {
        assert OnContext.check(generator.context());
        if (state instanceof Waiting) {
            stop(new Ending.Failed(Failure.displaced(retryAfterSeconds)));
        }
    }

    private void deadlineIsMissed() {
        assert OnContext.check(generator.context());
        if (state instanceof Waiting) {
            int seconds = queue.retryAfterSeconds(ticket.keyId());
            String message = "the wait in the queue was too long; try again in " + seconds + " s";
            stop(new Ending.Failed(new Failure(FailureCode.QUEUE_TIMEOUT, message, null, seconds)));
        } else if (state instanceof Prompting) {
            stop(timeout(FailureCode.FIRST_TOKEN_TIMEOUT, "the first token did not come in time; try again"));
        } else if (state instanceof Streaming) {
            stop(timeout(FailureCode.NEXT_TOKEN_TIMEOUT, "the next token did not come in time; try again"));
        } else if (state instanceof Stopping stopping) {
            LOG.atWarn().addKeyValue("generation", id).log("model {} does not end a generation", model.name());
            end(stopping.ending(), stats.counted());
        }
    }

    private void wholeDeadlineIsMissed() {
        assert OnContext.check(generator.context());
        if (state instanceof Working) {
            stop(timeout(FailureCode.NEXT_TOKEN_TIMEOUT, "the generation lasted too long; request a shorter text"));
        }
    }

    private static Ending timeout(FailureCode code, String message) {
        return new Ending.Failed(Failure.of(code, message));
    }

    /**
     * Ends it from outside. A failure is sent at once, because the engine may hang. Every other end is sent when the
     * engine has ended the generation, with its usage. The limit for that is the limit for a token; after it the end is
     * sent without the engine, and the place is not released.
     */
    private void stop(Ending planned) {
        Ending ending = fenced(planned);
        if (state instanceof Waiting) {
            queue.leave(ticket);
            end(ending, stats.counted());
        } else if (state instanceof Working working) {
            if (ending.isSentAtOnce()) {
                outbox.sendEnd(ending, stats.counted());
            }
            state = working.stop(ending);
            deadline.set(generator.config().nextToken());
            working.running().cancel();
        }
    }

    /** Without a guardian nothing has gone on elsewhere. */
    private Ending fenced(Ending planned) {
        return isOrphan() ? planned : fence.now(planned);
    }

    /** Every end comes through here. Only the first call has an effect. */
    private void end(Ending planned, Usage usage) {
        if (state instanceof Closed) {
            return;
        }
        Ending ending = isEndSent() ? planned : fenced(planned);
        if (state instanceof Waiting) {
            meters().queued(stats.queuedNanos());
        }
        state = new Closed();
        prepared = null;
        deadline.cancel();
        outbox.sendEnd(ending, usage);
        Ended ended = stats.ended(id, ending, usage, outbox.deltas()).withEpoch(epoch());
        // The first of all listeners: the consumer, and the observers of ends.
        generator.publication().publish(ending, ended, outbox, traceparent(), meters()::ended);
        outbox.close();
        recipient.ended(ended);
        trace().ended(ended);
        onEnd.accept(this);
    }
}
