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

    private final RelayContext shared;
    private final LoopClients clients;
    private final Context context;
    private final Thread eventLoop;
    private final Sink sink;
    private final Consumer<RelayedGeneration> onEnd;
    private final ExpectedUsage expected;
    private final BitSet tried = new BitSet();

    /** For another attempt; {@code null} after the first text or part. */
    private @Nullable Prompt prompt;

    /** {@code null} before the first request and after the last. */
    private @Nullable UpstreamRequest request;

    /** What failed requests have used. */
    private Usage used = Usage.NONE;

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
    }

    void start() {
        Optional<Lease> lease = shared.upstreams().acquire(tried);
        if (lease.isPresent()) {
            send(lease.get());
        } else {
            fail(shared.upstreams().refusal());
        }
    }

    private void send(Lease lease) {
        Upstream upstream = lease.upstream();
        tried.set(upstream.place());
        UpstreamRequest next = new UpstreamRequest(shared, clients, lease, context, this);
        request = next;
        next.send(shared.body().of(Objects.requireNonNull(prompt), upstream.model()), sink.traceparent());
    }

    @Override
    public void answered() {
        if (request != null) {
            shared.upstreams().answered(request.lease());
        }
    }

    @Override
    public void piece(EscapedText text, int tokens) {
        if (prompt != null) {
            prompt = null;
        }
        sink.piece(text, tokens);
        cutIfExceeded();
    }

    @Override
    public void part(PartKind kind, String json, int tokens) {
        prompt = null;
        sink.part(kind, json, tokens);
        cutIfExceeded();
    }

    private void cutIfExceeded() {
        if (request != null && expected.isExceeded(request.deltas())) {
            request.cutShort();
        }
    }

    @Override
    public void ended(UpstreamEnd end) {
        if (end instanceof UpstreamEnd.Completed completed) {
            complete(completed);
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
        return request == null ? used : expected.settle(request.deltas());
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
            fail(failed.failure());
        }
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
