package dev.runnel.generator;

import dev.runnel.client.Inbox;
import dev.runnel.config.GenerationConfig;
import dev.runnel.engine.Completion;
import dev.runnel.engine.Sink;
import dev.runnel.generator.AdmissionCheck.Admitted;
import dev.runnel.generator.GenerationState.Over;
import dev.runnel.generator.GenerationState.Prompting;
import dev.runnel.generator.GenerationState.Stopping;
import dev.runnel.generator.GenerationState.Streaming;
import dev.runnel.generator.GenerationState.Waiting;
import dev.runnel.generator.GenerationState.Working;
import dev.runnel.message.Cancel;
import dev.runnel.message.Ended;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import dev.runnel.trace.GenerationTrace;
import io.vertx.core.Context;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One generation, from being accepted to its end; its states are drawn at {@link GenerationState}. Everything happens on the
 * generator's context. Its place at the model is free when, and only when, the engine says that it ended.
 */
final class Generation implements Sink {

    private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

    private final String id;
    private final Admitted admitted;
    private final GeneratorContext desk;
    private final Ticket ticket;
    private final Outbox outbox;
    private final GenerationStats account;
    private final Deadline deadline;
    private final GenerationTrace trace;

    private GenerationState state = new Waiting();

    /**
     * What all generations of one generator share.
     *
     * @param observers where deltas are published
     * @param onEnd is told of each end
     */
    record GeneratorContext(
            Context context, GeneratorSetup setup, Optional<Observers> observers, Consumer<Generation> onEnd) {

        GenerationConfig config() {
            return setup.generation();
        }

        LongSupplier nanos() {
            return setup.models().nanos();
        }
    }

    Generation(String id, Admitted admitted, GeneratorContext desk) {
        var vertx = desk.context().owner();
        var submit = admitted.submit();
        this.id = id;
        this.admitted = admitted;
        this.desk = desk;
        this.ticket = new Ticket(submit.keyId(), admitted.prepared().cells(), desk.context(), this::begin);
        this.outbox = new Outbox(
                vertx.eventBus(), id, Inbox.at(vertx, submit.inbox()), desk.observers(), this::consumerIsGone);
        this.account = new GenerationStats(
                submit, admitted.model().name(), admitted.prepared().promptTokens(), desk.nanos());
        this.deadline = new Deadline(vertx, desk.nanos(), this::deadlineIsMissed);
        this.trace = GenerationSpans.begin(desk.setup().tracing(), id, admitted);
    }

    String id() {
        return id;
    }

    /** Takes a place, or one in the queue; says why if there is none for it. */
    Optional<ModelQueue.Full> enter() {
        return admitted.queue().enter(ticket);
    }

    /** Goes on, once its submitter was told that it is accepted. */
    void proceed() {
        if (admitted.queue().hasPlace(ticket)) {
            begin();
        } else {
            deadline.set(desk.config().queueWait());
        }
    }

    void cancel(Cancel.Cause cause) {
        switch (cause) {
            case CONSUMER_GONE -> consumerIsGone();
            case DELETED, UNKNOWN -> stop(new Ending.Done(FinishReason.CANCELLED));
        }
    }

    /** Ends it because the service stops; says whether it had not been decided before how it ends. */
    boolean cut() {
        boolean goesOn = state instanceof Waiting || state instanceof Working;
        stop(new Ending.Failed(Failure.draining()));
        return goesOn;
    }

    /** Called when there is a place; by then it may have begun already, or have been cancelled. */
    private void begin() {
        if (!(state instanceof Waiting waiting)) {
            return;
        }
        account.begun();
        admitted.model().meters().queued(account.queuedNanos());
        deadline.set(desk.config().firstToken());
        try {
            state = waiting.begin(admitted.model().engine().start(admitted.prepared(), this));
        } catch (RuntimeException | Error e) {
            LOG.error("model {} could not start a generation", admitted.model().name(), e);
            failed(Failure.of(FailureCode.ENGINE_FAILED, "the engine failed; try again"));
        }
    }

    @Override
    public void piece(EscapedText text, int tokens) {
        account.generated(tokens);
        if (state instanceof Prompting prompting) {
            state = prompting.speak();
            admitted.model().meters().firstToken(account.firstTokenNanos());
            deadline.set(desk.config().nextToken());
        }
        if (state instanceof Streaming) {
            account.paused(deadline.touch());
            outbox.delta(text, tokens);
        }
    }

    @Override
    public void completed(Completion completion) {
        admitted.queue().leave(ticket);
        end(decidedOr(new Ending.Done(completion.finishReason())), completion.usage());
    }

    @Override
    public void failed(Failure failure) {
        admitted.queue().leave(ticket);
        end(decidedOr(new Ending.Failed(failure)), account.counted());
    }

    @Override
    public @Nullable String traceparent() {
        return trace.traceparent();
    }

    private Ending decidedOr(Ending fromEngine) {
        return state instanceof Stopping stopping ? stopping.ending() : fromEngine;
    }

    private void consumerIsGone() {
        account.left();
        stop(new Ending.Abandoned());
    }

    private void deadlineIsMissed() {
        if (state instanceof Waiting) {
            int seconds = admitted.queue().retryAfterSeconds(ticket.keyId());
            String message = "the wait in the queue was too long; try again in " + seconds + " s";
            stop(new Ending.Failed(new Failure(FailureCode.QUEUE_TIMEOUT, message, null, seconds)));
        } else if (state instanceof Prompting) {
            stop(timeout(FailureCode.FIRST_TOKEN_TIMEOUT, "the first token did not come in time; try again"));
        } else if (state instanceof Streaming) {
            stop(timeout(FailureCode.NEXT_TOKEN_TIMEOUT, "the next token did not come in time; try again"));
        } else if (state instanceof Stopping stopping) {
            LOG.atWarn()
                    .addKeyValue("generation", id)
                    .log("model {} does not end a generation", admitted.model().name());
            end(stopping.ending(), account.counted());
        }
    }

    private static Ending timeout(FailureCode code, String message) {
        return new Ending.Failed(Failure.of(code, message));
    }

    /**
     * Ends it from outside. A failure is told at once, as it may be the engine that hangs; all else when the engine has
     * ended it, with its usage. An engine that takes longer for that than for a token is not waited for, but the place stays
     * taken.
     */
    private void stop(Ending ending) {
        if (state instanceof Waiting) {
            admitted.queue().leave(ticket);
            end(ending, account.counted());
        } else if (state instanceof Working working) {
            if (ending instanceof Ending.Failed) {
                outbox.end(ending, account.counted());
            }
            state = working.stop(ending);
            deadline.set(desk.config().nextToken());
            working.running().cancel();
        }
    }

    /** The one door: whatever ends a generation comes through here, and only the first does. */
    private void end(Ending ending, Usage usage) {
        if (state instanceof Over) {
            return;
        }
        if (state instanceof Waiting) {
            admitted.model().meters().queued(account.queuedNanos());
        }
        state = new Over();
        deadline.cancel();
        outbox.end(ending, usage);
        Ended ended = account.ended(id, ending, usage);
        outbox.ended(ended);
        if (desk.setup().log().generations()) {
            GenerationLog.tell(ended, ending, trace.traceparent());
        }
        GenerationSpans.end(trace, ended, ending);
        admitted.model().meters().ended(account.end(ending, usage, outbox.deltas()));
        desk.onEnd().accept(this);
    }
}
