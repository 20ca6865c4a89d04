package dev.runnel.engine.openai;

import dev.runnel.engine.Completion;
import dev.runnel.engine.GenerationHandle;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Sink;
import dev.runnel.engine.UpstreamOutcome;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import dev.runnel.text.Usage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One generation. It requests the text from one upstream, and from others if the first fails before its first token.
 * The text goes to the sink, which always gets exactly one end. For the event loop that it was started on.
 */
final class RelayedGeneration implements GenerationHandle, UpstreamListener {

    private static final Failure NOT_CONTINUED =
            Failure.notContinued("the model's server did not go on with the text; try again");

    private final RelayContext shared;
    private final LoopClients clients;
    private final Context context;
    private final Thread eventLoop;
    private final Sink sink;
    private final Consumer<RelayedGeneration> onEnd;
    private final ExpectedUsage expected;
    private final BitSet tried = new BitSet();

    /** For another attempt; {@code null} after the first text or part that was passed on. */
    private @Nullable Prompt prompt;

    /** Checks the start of what goes on after an earlier run; {@code null} without one, and after the check. */
    private @Nullable Seam seam;

    /** How many tokens of the present request repeat an earlier run. */
    private int repeatedTokens;

    /** {@code null} before the first request and after the last. */
    private @Nullable UpstreamRequest request;

    /** What failed requests have used. */
    private Usage used;

    private boolean repeated;
    private boolean ended;

    /** @param onEnd is called just before the sink gets its end */
    RelayedGeneration(
            RelayContext shared, Context context, CheckedPrompt checked, Sink sink, Consumer<RelayedGeneration> onEnd) {
        this.shared = shared;
        this.clients = shared.clients().of(context);
        this.context = context;
        this.eventLoop = Thread.currentThread();
        this.sink = sink;
        this.onEnd = onEnd;
        this.prompt = checked.prompt();
        this.expected = checked.expected();
        this.used = expected.before();
    }

    void start() {
        if (expected.maxTokens() == 0) {
            finishWithoutRequest();
            return;
        }
        Optional<Lease> lease = shared.upstreams().acquire(tried);
        if (lease.isPresent()) {
            send(lease.get());
        } else {
            fail(shared.upstreams().refusal());
        }
    }

    /** The earlier run has generated all tokens that were requested. */
    private void finishWithoutRequest() {
        ended = true;
        context.runOnContext(v -> {
            onEnd.accept(this);
            sink.completed(new Completion(FinishReason.LENGTH, used));
        });
    }

    private void send(Lease lease) {
        Upstream upstream = lease.upstream();
        tried.set(upstream.place());
        UpstreamRequest next = new UpstreamRequest(shared, clients, lease, context, this);
        request = next;
        Prompt asked = Objects.requireNonNull(prompt);
        seam = asked.textSoFar().text().isEmpty() ? null : new Seam(asked.textSoFar());
        repeatedTokens = 0;
        next.send(shared.body().of(asked, upstream.model()), sink.traceparent());
    }

    @Override
    public void answered() {
        if (request != null) {
            shared.upstreams().answered(request.lease());
        }
    }

    @Override
    public void piece(EscapedText text, int tokens) {
        Seam open = seam;
        if (open != null) {
            continued(open, text, tokens);
            return;
        }
        if (prompt != null) {
            prompt = null;
        }
        sink.piece(text, tokens);
        cutIfExceeded();
    }

    /** Text after that of an earlier run. A model that reasons before it goes on has started a new answer. */
    private void continued(Seam open, EscapedText text, int tokens) {
        if (open.state() == Seam.State.UNDECIDED && hasReasoned()) {
            refuseNewAnswer();
            return;
        }
        EscapedText next = open.next(text, tokens);
        if (open.state() == Seam.State.NEW_ANSWER) {
            refuseNewAnswer();
        } else {
            passOn(open, next);
        }
    }

    private boolean hasReasoned() {
        return request != null
                && request.deltas().counted() > request.deltas().tokens()
                && !request.deltas().hasCalls();
    }

    private void passOn(Seam open, EscapedText text) {
        repeatedTokens = open.repeatedTokens();
        if (open.isPassed()) {
            seam = null;
        }
        if (!text.isEmpty()) {
            prompt = null;
        }
        sink.piece(text, open.tokens());
        if (open.state() == Seam.State.CONTINUES) {
            cutIfExceeded();
        }
    }

    /** Passes on what is held back, as no more text comes. Returns whether the generation goes on. */
    private boolean closeSeam() {
        Seam open = seam;
        if (open == null) {
            return true;
        }
        EscapedText rest = open.end();
        if (open.state() == Seam.State.NEW_ANSWER) {
            refuseNewAnswer();
            return false;
        }
        seam = null;
        passOn(open, rest);
        return !ended;
    }

    private void refuseNewAnswer() {
        if (request != null) {
            shared.upstreams().remark(request.lease(), "a new answer in place of a continuation: see `continuation`");
        }
        seam = null;
        used = expected.before();
        abort();
        fail(NOT_CONTINUED);
    }

    @Override
    public void part(PartKind kind, String json, int tokens) {
        if (kind == PartKind.REASONING_CONTENT && seam != null && seam.state() == Seam.State.UNDECIDED) {
            refuseNewAnswer();
            return;
        }
        if (!closeSeam()) {
            return;
        }
        prompt = null;
        sink.part(kind, json, tokens);
        cutIfExceeded();
    }

    private void cutIfExceeded() {
        if (request != null && expected.isExceeded(request.deltas(), repeatedTokens)) {
            request.cutShort();
        }
    }

    @Override
    public void ended(UpstreamEnd end) {
        if (end instanceof UpstreamEnd.Completed completed) {
            if (closeSeam()) {
                complete(completed);
            }
        } else if (end instanceof UpstreamEnd.Stale stale) {
            repeatOrFail(stale);
        } else if (end instanceof UpstreamEnd.Failed failed) {
            tryElsewhere(failed);
        }
    }

    private void complete(UpstreamEnd.Completed end) {
        Completion completion = new Completion(end.reason(), usage());
        if (request != null && !end.remark().isEmpty()) {
            shared.upstreams().remark(request.lease(), end.remark());
        }
        release(UpstreamOutcome.COMPLETED, 0, "");
        ended = true;
        onEnd.accept(this);
        sink.completed(completion);
    }

    private Usage usage() {
        if (request == null) {
            return used;
        }
        return expected.tokensSoFar() == 0
                ? expected.settle(request.deltas())
                : expected.settleAfterEarlierRun(request.deltas(), repeatedTokens);
    }

    private void repeatOrFail(UpstreamEnd.Stale stale) {
        if (repeated || request == null) {
            tryElsewhere(stale.failed());
        } else {
            repeated = true;
            send(request.lease());
        }
    }

    private void tryElsewhere(UpstreamEnd.Failed failed) {
        if (request != null && request.isAnswered()) {
            used = usage();
        }
        Lease left = release(failed.outcome(), failed.retryAfterSeconds(), failed.why());
        boolean another = failed.elsewhere() && prompt != null;
        Optional<Lease> next = another ? shared.upstreams().acquire(tried) : Optional.empty();
        if (left != null && next.isPresent()) {
            shared.upstreams().retried(left);
            send(next.get());
        } else {
            fail(shown(failed.failure()));
        }
    }

    /** An upstream that refuses to go on does not find fault with what the caller sent. */
    private Failure shown(Failure failure) {
        boolean continues = prompt != null && !prompt.textSoFar().text().isEmpty();
        return continues && failure.code() == FailureCode.INVALID_REQUEST ? NOT_CONTINUED : failure;
    }

    private @Nullable Lease release(UpstreamOutcome outcome, int retryAfterSeconds, String why) {
        if (request == null) {
            return null;
        }
        Lease lease = request.lease();
        shared.upstreams().release(lease, outcome, retryAfterSeconds, why);
        request = null;
        return lease;
    }

    /** Notifies the sink later, since its owner may still be in its call of start or cancel. */
    private void fail(Failure failure) {
        ended = true;
        context.runOnContext(v -> {
            onEnd.accept(this);
            sink.failed(failure, used);
        });
    }

    @Override
    public void cancel() {
        if (Thread.currentThread() == eventLoop) {
            stop();
        } else {
            context.runOnContext(v -> stop());
        }
    }

    private void stop() {
        if (ended) {
            return;
        }
        ended = true;
        Usage usage = usage();
        abort();
        context.runOnContext(v -> {
            onEnd.accept(this);
            sink.completed(new Completion(FinishReason.CANCELLED, usage));
        });
    }

    private void abort() {
        if (request != null) {
            request.abort();
            release(UpstreamOutcome.CANCELLED, 0, "");
        }
    }

    /** Ends it because the engine closes; completes after the sink got its end. */
    Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        context.runOnContext(v -> {
            if (!ended) {
                used = usage();
                abort();
                fail(Failure.of(FailureCode.DRAINING, "the service is stopping: try again soon"));
            }
            // After what this or an earlier call has put in the queue.
            context.runOnContext(w -> closed.complete());
        });
        return closed.future();
    }
}
