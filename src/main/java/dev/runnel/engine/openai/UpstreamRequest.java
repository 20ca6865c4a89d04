package dev.runnel.engine.openai;

import dev.runnel.engine.openai.UpstreamState.AwaitingHead;
import dev.runnel.engine.openai.UpstreamState.Connected;
import dev.runnel.engine.openai.UpstreamState.Connecting;
import dev.runnel.engine.openai.UpstreamState.Finishing;
import dev.runnel.engine.openai.UpstreamState.Live;
import dev.runnel.engine.openai.UpstreamState.Open;
import dev.runnel.engine.openai.UpstreamState.Reading;
import dev.runnel.engine.openai.UpstreamState.Received;
import dev.runnel.engine.openai.UpstreamState.Refusing;
import dev.runnel.engine.openai.UpstreamState.Streaming;
import dev.runnel.engine.openai.UpstreamState.Tail;
import dev.runnel.net.Deadline;
import dev.runnel.net.OnContext;
import dev.runnel.net.http1.ChunkedBody;
import dev.runnel.text.FinishReason;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request to one upstream. It is sent, its stream is read, and the {@link UpstreamListener} receives the text in
 * pieces and one {@link UpstreamEnd}. After the end, and after {@link #abort}, the listener receives nothing. For one
 * event loop.
 */
final class UpstreamRequest {

    private static final int OK = 200;
    private static final int MAX_INTERIM_ANSWERS = 16;
    private static final int BAD_REQUEST = 400;
    private static final int UNPROCESSABLE = 422;

    /** RFC 9113 section 7: the stream is not needed any more. */
    private static final long CANCEL = 0x8;

    private final RelayContext shared;
    private final LoopClients clients;
    private final Lease lease;
    private final Context context;
    private final UpstreamListener listener;
    private final DeltaReader deltas;
    private final Delivery delivery;
    /** One timer for a whole silence, not one for each event. */
    private final Deadline silence;

    private UpstreamState state = new Connecting();
    /** Whether the state is {@link Reading}. Checked at every read: C1 searches a list for a check of that type. */
    private boolean isReading;

    private int interimAnswers;
    /** The fields that callers have no part in, of those that they may set. */
    private Set<String> defaulted = Set.of();
    /** {@code null} before a stream has started. */
    private @Nullable AnswerBody body;

    /** @param context the context that the listener runs on */
    UpstreamRequest(RelayContext shared, LoopClients clients, Lease lease, Context context, UpstreamListener listener) {
        this.shared = shared;
        this.clients = clients;
        this.lease = lease;
        this.context = context;
        this.listener = listener;
        this.deltas = new DeltaReader(clients.buffers(shared.api()));
        this.delivery = new Delivery(deltas, listener, () -> state instanceof Open, this::notAccepted);
        this.silence = new Deadline(shared.vertx(), shared.clock(), this::expired);
    }

    Lease lease() {
        return lease;
    }

    /** @param traceparent the trace context of the request, or {@code null} */
    void send(RequestBody.Written body, @Nullable String traceparent) {
        assert OnContext.check(context);
        defaulted = body.defaulted();
        clients.request(lease.upstream(), shared.api())
                .onSuccess(made -> connected(traced(made, traceparent), body.json()))
                .onFailure(cause -> breakOff(UpstreamEnd.unreachable(cause)));
    }

    /** Ends the text here, since the upstream does not. A finish reason beside a text is no end of it. */
    void cutShort() {
        if (isReading && !deltas.isFinished() && !deltas.isDone() && !deltas.isError()) {
            breakOff(new UpstreamEnd.Completed(FinishReason.LENGTH, "maxTokens is ignored: the text was cut"));
        }
    }

    /** What has arrived so far. */
    DeltaReader deltas() {
        return deltas;
    }

    /** Whether the upstream has started a stream, so that it works on the prompt. */
    boolean isAnswered() {
        return body != null;
    }

    private static HttpClientRequest traced(HttpClientRequest made, @Nullable String traceparent) {
        return traceparent == null ? made : made.putHeader("traceparent", traceparent);
    }

    private void connected(HttpClientRequest made, Buffer content) {
        // The response's future reports what breaks before the head, and the response's handler what breaks later.
        made.exceptionHandler(cause -> {});
        made.earlyHintsHandler(hints -> interim()).continueHandler(v -> interim());
        if (!(state instanceof Connecting connecting)) {
            made.reset(CANCEL);
            return;
        }
        boolean reused = clients.isReused(made.connection());
        ParseBuffers buffers = clients.buffers(shared.api());
        Optional<ChunkedBody> body = ChunkedBody.before(made, context, buffers.connections, buffers.read);
        enter(connecting.sent(made, body, reused, shared.clock().getAsLong()));
        made.response().onSuccess(this::answered).onFailure(this::lost);
        made.end(content);
    }

    /** The answers 100 and 103, of which an upstream could send any number. */
    private void interim() {
        interimAnswers++;
        if (interimAnswers > MAX_INTERIM_ANSWERS) {
            breakOff(UpstreamEnd.garbage("more than " + MAX_INTERIM_ANSWERS + " interim answers"));
        }
    }

    private void lost(Throwable cause) {
        UpstreamEnd.Failed broken = UpstreamEnd.unreachable(cause);
        boolean stale = state instanceof AwaitingHead waiting
                && waiting.isStale(shared.clock().getAsLong());
        breakOff(stale ? new UpstreamEnd.Stale(broken) : broken);
    }

    private void answered(HttpClientResponse response) {
        response.handler(this::read).endHandler(v -> bodyEnded()).exceptionHandler(this::cut);
        if (!(state instanceof AwaitingHead waiting)) {
            return;
        }
        int status = response.statusCode();
        if (status == OK) {
            body = new AnswerBody(
                    deltas, response, shared.maxEventBytes(), shared.heldTexts().get());
            if ("chunked".equalsIgnoreCase(response.getHeader(HttpHeaders.TRANSFER_ENCODING))) {
                waiting.body().ifPresent(chunks -> chunks.readWith(this::read));
            }
            // Not by enter(): the deadline goes on.
            state = waiting.answered();
            isReading = true;
            listener.answered();
        } else if (status < OK) {
            // Vert.x (5.0.12) treats it as the answer, and would give the real one to the next request.
            breakOff(UpstreamEnd.garbage("status " + status));
        } else if (status == BAD_REQUEST || status == UNPROCESSABLE) {
            enter(waiting.refusing(status));
        } else {
            enter(waiting.refused());
            listener.ended(UpstreamEnd.refused(status, RetryAfter.of(response)));
        }
    }

    private void read(Buffer buffer) {
        clients.buffers(shared.api()).copy(buffer, this::read);
    }

    private void read(byte[] bytes, int from, int end) {
        if (isReading) {
            readEvents(bytes, from, end);
        } else {
            readRest(bytes, from, end);
        }
    }

    /** Once per read of a stream. Without lambdas and without checks of a sealed type, which C1 does not optimize. */
    private void readEvents(byte[] bytes, int from, int end) {
        int events = deltas.events();
        int tokens = deltas.tokens();
        UpstreamEnd broken = feed(bytes, from, end);
        deliverSince(events, tokens);
        if (broken != null || deltas.isError() || deltas.isDone()) {
            closeStream(broken);
        } else if (!(state instanceof Streaming) || deltas.isFinished()) {
            proceed();
        }
    }

    /** As {@link AnswerBody#next}. */
    private @Nullable UpstreamEnd feed(byte @Nullable [] bytes, int from, int end) {
        try {
            return answer().next(bytes, from, end);
        } catch (RuntimeException | Error e) {
            abandon();
            throw e;
        }
    }

    /** The service itself failed while it read. The text so far is in a buffer that other streams share. */
    private void abandon() {
        deltas.dropText();
        breakOff(UpstreamEnd.ownFailure("its text was not read"));
    }

    private void readRest(byte[] bytes, int from, int end) {
        if (state instanceof Tail tail) {
            skip(tail.read(end - from));
        } else if (state instanceof Refusing refusing && !refusing.read(bytes, from, end)) {
            breakOff(refused(refusing));
        }
    }

    private UpstreamEnd refused(Refusing refusing) {
        BoundedBytes body = refusing.reason();
        RefusalReason reason = RefusalReason.read(clients.buffers(shared.api()).json, body.array(), body.length());
        return UpstreamEnd.refused(refusing.status(), reason, defaulted);
    }

    /** Not by enter(): the deadline goes on. */
    private void skip(Tail tail) {
        state = tail;
        if (tail.isTooLong()) {
            abort();
        }
    }

    /**
     * Delivers what new events bring.
     *
     * @param events how many had arrived before
     * @param tokens how many of them had text
     */
    private void deliverSince(int events, int tokens) {
        if (deltas.events() == events) {
            return;
        }
        if (!(state instanceof Finishing)) {
            // After the finish reason nothing extends the deadline: the text is complete.
            silence.touch();
        }
        delivery.deliver(tokens);
    }

    private void notAccepted() {
        breakOff(UpstreamEnd.ownFailure("its text was not accepted"));
    }

    /** The stream ends here, unless its listener has ended it. */
    private void closeStream(@Nullable UpstreamEnd broken) {
        if (!(state instanceof Reading)) {
            return;
        }
        if (broken != null && deltas.isFinished()) {
            finish();
            abort();
        } else {
            conclude(broken);
        }
    }

    private void proceed() {
        if (state instanceof Reading reading) {
            Reading next = reading.next(deltas);
            if (next != reading) {
                enter(next);
            }
        }
    }

    private void conclude(@Nullable UpstreamEnd broken) {
        if (broken != null) {
            breakOff(broken);
        } else if (deltas.isError()) {
            breakOff(answer().broken("an error event"));
        } else {
            finish();
        }
    }

    private AnswerBody answer() {
        return Objects.requireNonNull(body);
    }

    private void bodyEnded() {
        if (!(state instanceof Reading reading)) {
            noMoreBytes(null);
            return;
        }
        // Before the rest is read: a body that is complete cannot be cut short.
        enter(reading.received());
        int events = deltas.events();
        int tokens = deltas.tokens();
        UpstreamEnd broken = feed(null, 0, 0);
        deliverSince(events, tokens);
        if (state instanceof Received) {
            conclude(broken);
        }
    }

    private void cut(Throwable cause) {
        noMoreBytes(deltas.isFinished() ? null : "the connection broke");
    }

    private void noMoreBytes(@Nullable String broken) {
        if (state instanceof Reading reading) {
            enter(reading.received());
            conclude(broken == null ? null : answer().broken(broken));
        } else if (state instanceof Refusing refusing) {
            enter(refusing.closed());
            listener.ended(refused(refusing));
        } else if (state instanceof Tail tail) {
            enter(tail.closed());
        }
    }

    private void finish() {
        delivery.deliverRest();
        UpstreamEnd end = answer().result();
        if (end instanceof UpstreamEnd.Completed) {
            complete(end);
        } else {
            breakOff(end);
        }
    }

    /** Reports the end, and lets the rest of the answer arrive, so that the connection can be reused. */
    private void complete(UpstreamEnd end) {
        if (state instanceof Reading reading) {
            enter(reading.finished());
        } else if (state instanceof Received received) {
            enter(received.closed());
        } else {
            return;
        }
        listener.ended(end);
    }

    /** Reports the end, and closes the connection or resets the stream. */
    private void breakOff(UpstreamEnd end) {
        if (state instanceof Open) {
            abort();
            listener.ended(end);
        }
    }

    /** Closes the connection, or resets the stream, at once; before there is one, as soon as there is. */
    void abort() {
        if (!(state instanceof Live live)) {
            return;
        }
        enter(live.closed());
        if (live instanceof Connected connected) {
            connected.request().reset(CANCEL);
        }
    }

    /** Moves to a state whose deadline starts now. */
    private void enter(UpstreamState next) {
        silence.cancel();
        state = next;
        isReading = next instanceof Reading;
        if (body != null && !isReading && !(next instanceof Received)) {
            body.close();
        }
        if (next instanceof Connected connected) {
            silence.set(connected.deadline(shared.deadlines()));
        }
    }

    private void expired() {
        if (state instanceof Tail) {
            abort();
        } else if (state instanceof Finishing) {
            finish();
            abort();
        } else if (state instanceof Refusing refusing) {
            breakOff(refused(refusing));
        } else if (state instanceof Connected silent) {
            long millis = silent.deadline(shared.deadlines()).toMillis();
            breakOff(UpstreamEnd.silent(silent instanceof Streaming, millis));
        }
    }
}
