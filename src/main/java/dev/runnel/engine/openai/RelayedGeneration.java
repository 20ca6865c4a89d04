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
import dev.runnel.text.TokenEstimate;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One generation: asks one upstream, and others where the first fails before its first token, and hands what comes to the
 * sink. Whatever happens, the sink gets one end. For the event loop that it was started on.
 */
final class RelayedGeneration implements GenerationHandle {

    private final RelayContext kit;
    private final LoopClients loop;
    private final Context context;
    private final Thread eventLoop;
    private final Sink sink;
    private final Consumer<RelayedGeneration> ended;
    private final int estimatedPromptTokens;
    private final BitSet tried = new BitSet();

    /** For a second try; {@code null} once there was an answer. */
    private @Nullable Prompt prompt;

    private @Nullable UpstreamRequest exchange;
    private boolean repeated;
    private boolean over;

    /** @param ended is told when the sink gets its end */
    RelayedGeneration(RelayContext kit, Context context, Prompt prompt, Sink sink, Consumer<RelayedGeneration> ended) {
        this.kit = kit;
        this.loop = kit.loops().of(context);
        this.context = context;
        this.eventLoop = Thread.currentThread();
        this.sink = sink;
        this.ended = ended;
        this.prompt = prompt;
        this.estimatedPromptTokens = estimatedTokens(prompt);
    }

    /** As admission estimates them. */
    private static int estimatedTokens(Prompt prompt) {
        long bytes = 0;
        for (Turn turn : prompt.turns()) {
            bytes += turn.content().getBytes(StandardCharsets.UTF_8).length;
        }
        return (int) TokenEstimate.ofBytes(bytes);
    }

    void start() {
        Optional<Lease> lease = kit.upstreams().take(tried);
        if (lease.isPresent()) {
            ask(lease.get());
        } else {
            fail(kit.upstreams().refusal());
        }
    }

    private void ask(Lease lease) {
        Upstream upstream = lease.upstream();
        tried.set(upstream.place());
        UpstreamRequest next = new UpstreamRequest(kit, loop, lease, this);
        exchange = next;
        byte[] body = kit.body().of(Objects.requireNonNull(prompt), upstream.model());
        next.send(Buffer.buffer(body), sink.traceparent());
    }

    /** The context that it was started on, where its exchanges read. */
    Context context() {
        return context;
    }

    /** The upstream has begun a stream. */
    void answered() {
        prompt = null;
        if (exchange != null) {
            kit.upstreams().answered(exchange.lease());
        }
    }

    void piece(EscapedText text, int tokens) {
        sink.piece(text, tokens);
    }

    Usage usage(UpstreamRequest of) {
        return of.usage(estimatedPromptTokens);
    }

    /** The exchange ended by itself. */
    void over(UpstreamEnd ending) {
        if (ending instanceof UpstreamEnd.Completed completed) {
            complete(completed.completion());
        } else if (ending instanceof UpstreamEnd.Stale stale) {
            repeatOrBreak(stale);
        } else if (ending instanceof UpstreamEnd.Failed broken) {
            tryElsewhere(broken);
        }
    }

    private void complete(Completion completion) {
        release(UpstreamOutcome.COMPLETED, 0, "");
        over = true;
        ended.accept(this);
        sink.completed(completion);
    }

    private void repeatOrBreak(UpstreamEnd.Stale stale) {
        if (repeated || exchange == null) {
            tryElsewhere(stale.broken());
        } else {
            repeated = true;
            ask(exchange.lease());
        }
    }

    private void tryElsewhere(UpstreamEnd.Failed broken) {
        Lease left = release(broken.outcome(), broken.retryAfterSeconds(), broken.why());
        Optional<Lease> next = broken.elsewhere() ? kit.upstreams().take(tried) : Optional.empty();
        if (left != null && next.isPresent()) {
            kit.upstreams().retried(left);
            ask(next.get());
        } else {
            fail(broken.failure());
        }
    }

    private @Nullable Lease release(UpstreamOutcome outcome, int retryAfterSeconds, String why) {
        if (exchange == null) {
            return null;
        }
        Lease lease = exchange.lease();
        kit.upstreams().end(lease, outcome, retryAfterSeconds, why);
        exchange = null;
        return lease;
    }

    /** Later, since this may be called while the sink's owner still starts or cancels. */
    private void fail(Failure failure) {
        over = true;
        context.runOnContext(v -> {
            ended.accept(this);
            sink.failed(failure);
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
        if (over) {
            return;
        }
        over = true;
        Usage used = exchange == null ? Usage.NONE : usage(exchange);
        abort();
        context.runOnContext(v -> {
            ended.accept(this);
            sink.completed(new Completion(FinishReason.CANCELLED, used));
        });
    }

    private void abort() {
        if (exchange != null) {
            exchange.abort();
            release(UpstreamOutcome.CANCELLED, 0, "");
        }
    }

    /** Ends it because the engine closes; completes when the sink was told. */
    Future<Void> close() {
        Promise<Void> told = Promise.promise();
        context.runOnContext(v -> {
            if (!over) {
                abort();
                fail(Failure.of(FailureCode.DRAINING, "the service is stopping: try again soon"));
            }
            // Behind what this or an earlier call has put in the queue.
            context.runOnContext(w -> told.complete());
        });
        return told.future();
    }
}
