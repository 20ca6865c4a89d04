package dev.runnel.engine.openai;

import dev.runnel.engine.Completion;
import dev.runnel.net.http1.ChunkedBody;
import dev.runnel.text.EscapedText;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request to one upstream: sent, its stream read, and told to the {@link RelayedGeneration} in pieces and one {@link UpstreamEnd}. After
 * the ending, and after {@link #abort}, it tells nothing more. For one event loop.
 */
final class UpstreamRequest {

    private static final long NO_TIMER = -1;
    private static final int OK = 200;

    /** RFC 9113 section 7: the stream is not wanted any more. */
    private static final long CANCEL = 0x8;

    /** How long the rest of an answer may take that nobody needs, so that its connection can be used again. */
    private static final Duration TAIL = Duration.ofSeconds(1);

    /** A connection that was closed for being idle breaks at once when it is used; one that breaks later was at work. */
    private static final Duration STALE = Duration.ofSeconds(1);

    private static final int TAIL_BYTES = 64 * 1024;

    private final RelayContext kit;
    private final LoopClients loop;
    private final Lease lease;
    private final RelayedGeneration relay;
    private final DeltaReader deltas;
    private final SseReader events;

    private @Nullable HttpClientRequest request;
    private Optional<ChunkedBody> body = Optional.empty();
    private boolean reused;
    private long sentNanos;
    private boolean over;
    private int tailBytes = TAIL_BYTES;

    private long lastEventNanos;
    private long allowedNanos;
    private boolean inProgress;
    private boolean ending;
    private long timer = NO_TIMER;

    UpstreamRequest(RelayContext kit, LoopClients loop, Lease lease, RelayedGeneration relay) {
        this.kit = kit;
        this.loop = loop;
        this.lease = lease;
        this.relay = relay;
        this.deltas = new DeltaReader(loop.bench());
        this.events = new SseReader(deltas);
    }

    Lease lease() {
        return lease;
    }

    /** @param traceparent the trace context that it stands in, or {@code null} */
    void send(Buffer question, @Nullable String traceparent) {
        loop.request(lease.upstream())
                .onSuccess(made -> connected(traced(made, traceparent), question))
                .onFailure(cause -> end(UpstreamEnd.unreachable(cause)));
    }

    /** Closes the connection, or resets the stream, at once; before there is one, as soon as there is. */
    void abort() {
        over = true;
        drop();
    }

    /** What was used so far. */
    Usage usage(int estimatedPromptTokens) {
        return deltas.hasUsage()
                ? new Usage(deltas.promptTokens(), deltas.completionTokens(), false)
                : new Usage(estimatedPromptTokens, deltas.tokens(), true);
    }

    private static HttpClientRequest traced(HttpClientRequest made, @Nullable String traceparent) {
        return traceparent == null ? made : made.putHeader("traceparent", traceparent);
    }

    private void connected(HttpClientRequest made, Buffer question) {
        request = made;
        // What breaks is told by the response's future, or there is nobody left to be told.
        made.exceptionHandler(cause -> {});
        if (over) {
            drop();
            return;
        }
        reused = loop.isReused(made.connection());
        body = ChunkedBody.before(made, relay.context(), loop.bench().connections, loop.bench().read);
        made.response().onSuccess(this::answered).onFailure(this::lost);
        allow(kit.deadlines().firstByte());
        sentNanos = kit.clock().getAsLong();
        made.end(question);
    }

    private void lost(Throwable cause) {
        UpstreamEnd.Failed broken = UpstreamEnd.unreachable(cause);
        boolean atOnce = kit.clock().getAsLong() - sentNanos < STALE.toNanos();
        end(reused && atOnce ? new UpstreamEnd.Stale(broken) : broken);
    }

    private void answered(HttpClientResponse response) {
        response.handler(this::read).endHandler(v -> ended()).exceptionHandler(this::cut);
        if (over) {
            return;
        }
        int status = response.statusCode();
        if (status == OK) {
            if (isChunked(response)) {
                body.ifPresent(chunks -> chunks.readWith(this::read));
            }
            relay.answered();
        } else if (status < OK) {
            // Vert.x (5.0.12) takes it for the answer, and would give the real one to whoever asks next.
            end(UpstreamEnd.garbage("status " + status));
        } else {
            settle(UpstreamEnd.refused(status, retryAfter(response)));
        }
    }

    private static boolean isChunked(HttpClientResponse response) {
        return "chunked".equalsIgnoreCase(response.getHeader(HttpHeaders.TRANSFER_ENCODING));
    }

    private static int retryAfter(HttpClientResponse response) {
        String told = response.getHeader(HttpHeaders.RETRY_AFTER);
        return told != null && told.matches("[0-9]{1,6}") ? Integer.parseInt(told) : 0;
    }

    private void read(Buffer buffer) {
        byte[] bytes = loop.bench().read;
        for (int from = 0; from < buffer.length(); from += bytes.length) {
            int end = Math.min(from + bytes.length, buffer.length());
            buffer.getBytes(from, end, bytes, 0);
            read(bytes, 0, end - from);
        }
    }

    private void read(byte[] bytes, int from, int end) {
        if (over) {
            tailBytes -= end - from;
            if (tailBytes < 0) {
                drop();
            }
            return;
        }
        int eventsBefore = deltas.events();
        int tokensBefore = deltas.tokens();
        String broken = parse(bytes, from, end);
        deliver(deltas.events() > eventsBefore, deltas.tokens() - tokensBefore);
        if (over) {
            return;
        }
        if (broken != null) {
            end(UpstreamEnd.garbage(broken));
        } else if (deltas.isError()) {
            end(UpstreamEnd.garbage("an error event"));
        } else if (deltas.isDone()) {
            finish();
        } else {
            adjustDeadline();
        }
    }

    private @Nullable String parse(byte[] bytes, int from, int end) {
        try {
            events.feed(bytes, from, end);
            return null;
        } catch (BadUpstreamException e) {
            return e.getMessage();
        }
    }

    /** Pieces without text say that the model still thinks. */
    private void deliver(boolean alive, int tokens) {
        EscapedText text = deltas.takeText();
        if (!alive) {
            return;
        }
        lastEventNanos = kit.clock().getAsLong();
        boolean atEnd = deltas.finish() != null || deltas.isDone() || deltas.isError();
        if (tokens > 0 || (deltas.hasProgress() && !atEnd)) {
            tell(text, tokens);
        }
    }

    /** Who cannot take a piece gets none of what is behind it. */
    private void tell(EscapedText text, int tokens) {
        try {
            relay.piece(text, tokens);
        } catch (RuntimeException e) {
            end(UpstreamEnd.untold());
            throw e;
        }
    }

    private void adjustDeadline() {
        if (deltas.finish() != null && !ending) {
            ending = true;
            allow(TAIL);
        } else if (deltas.hasProgress() && !inProgress && !ending) {
            inProgress = true;
            allow(kit.deadlines().idle());
        }
    }

    /** The body is at its end. */
    private void ended() {
        cancelTimer();
        if (!over) {
            request = null;
            finish();
        }
    }

    private void cut(Throwable cause) {
        cancelTimer();
        if (over) {
            return;
        }
        request = null;
        if (deltas.finish() != null) {
            finish();
        } else {
            end(UpstreamEnd.garbage("the connection broke"));
        }
    }

    private void finish() {
        EscapedText rest = deltas.takeRest();
        if (!rest.isEmpty()) {
            tell(rest, 0);
        }
        if (over) {
            return;
        }
        String word = deltas.finish();
        if (word == null) {
            end(UpstreamEnd.garbage("an end without a finish reason"));
            return;
        }
        Optional<FinishReason> reason = FinishReasons.meaning(word);
        if (reason.isPresent()) {
            settle(new UpstreamEnd.Completed(new Completion(reason.get(), relay.usage(this))));
        } else {
            end(UpstreamEnd.garbage("a finish reason that says so"));
        }
    }

    /** Ends it with the connection, or the stream in it. */
    private void end(UpstreamEnd ending) {
        if (!over) {
            over = true;
            drop();
            relay.over(ending);
        }
    }

    /** Ends it, and lets the rest of the answer come, so that the connection can be used again. */
    private void settle(UpstreamEnd ending) {
        if (!over) {
            over = true;
            cancelTimer();
            if (request != null) {
                timer = kit.vertx().setTimer(TAIL.toMillis(), id -> drop());
            }
            relay.over(ending);
        }
    }

    private void allow(Duration silence) {
        cancelTimer();
        lastEventNanos = kit.clock().getAsLong();
        allowedNanos = silence.toNanos();
        timer = kit.vertx().setTimer(Math.max(1, silence.toMillis()), id -> lookForSilence());
    }

    /** One timer for a whole silence, not one for each event. */
    private void lookForSilence() {
        timer = NO_TIMER;
        long leftNanos = allowedNanos - (kit.clock().getAsLong() - lastEventNanos);
        if (leftNanos > 0) {
            timer = kit.vertx().setTimer(1 + TimeUnit.NANOSECONDS.toMillis(leftNanos), id -> lookForSilence());
        } else if (deltas.finish() != null) {
            finish();
            drop();
        } else {
            end(UpstreamEnd.silent(deltas.hasProgress(), TimeUnit.NANOSECONDS.toMillis(allowedNanos)));
        }
    }

    private void cancelTimer() {
        if (timer != NO_TIMER) {
            kit.vertx().cancelTimer(timer);
            timer = NO_TIMER;
        }
    }

    private void drop() {
        cancelTimer();
        if (request != null) {
            request.reset(CANCEL);
            request = null;
        }
    }
}
