package dev.runnel.http.stream;

import dev.runnel.client.ClientGeneration;
import dev.runnel.http.connection.RequestId;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.metric.StreamMeters.Cause;
import dev.runnel.net.http1.ClientChannel;
import dev.runnel.text.Transcript;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one generation to one client, as {@link StreamState} draws it. At most one event is on its way to the socket: what
 * comes in meanwhile is appended to the transcript, and the next event carries all of it in one delta. So a client that reads
 * slowly costs the text and one event, and the producer never waits. A stream of which something could not be written is cut,
 * as nobody knows what of it went out. Everything happens on the connection's event loop.
 */
public final class SseStream {

    private static final Logger LOG = LoggerFactory.getLogger(SseStream.class);

    private final Vertx vertx;
    private final Context context;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ClientChannel channel;
    private final StreamConnection recipient;
    private final StreamSettings settings;
    private final boolean includeText;

    private final Handler<AsyncResult<Void>> whenWritten = guarded(this::written);
    private final StallDetector watch;
    private final Transcript transcript = new Transcript();
    private StreamState state = new StreamState.Submitting();
    private EventWriter writer;
    private boolean compressed;
    /** Deltas in the transcript that no event carries yet. */
    private int unsentDeltas;
    /** Whether an event is on its way. */
    private boolean writing;
    /** Whether it waits for the end of the event loop's turn. */
    private boolean due;

    private long timer = -1;

    public SseStream(Vertx vertx, HttpServerRequest request, StreamSettings settings, boolean includeText) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.request = request;
        this.response = request.response();
        this.channel = ClientChannel.of(request.connection());
        this.recipient = new StreamConnection(request, channel);
        this.writer = new ResponseWriter(response);
        this.settings = settings;
        this.watch = new StallDetector(settings, channel, recipient.sharesConnection());
        this.includeText = includeText;
    }

    /** Watches for the client's leaving from now on. */
    public void begin() {
        response.closeHandler(closed -> {
            if (!response.ended()) {
                clientGone();
            }
        });
    }

    /** A generator took the generation: the headers go out before its first token. */
    public void accepted(ClientGeneration generation) {
        if (!(state instanceof StreamState.Submitting submitting)) {
            generation.cancel(Cancel.Cause.CONSUMER_GONE);
            return;
        }
        state = submitting.accepted(generation, new EventFormat(generation.id(), includeText));
        settings.meters().opened();
        compressed = settings.compressors().begin(request);
        if (request.version() == HttpVersion.HTTP_1_1 && !compressed) {
            writer = new ChunkWriter(channel, settings.buffer());
        }
        guarded(this::sendHead).handle(generation.id());
        generation.deltas().handler(guarded(this::delta));
        generation.end().onComplete(guarded(this::ended));
        if (state instanceof StreamState.Live) {
            arm();
        }
    }

    /** No generator took it; somebody else tells the client. */
    public void refused() {
        if (state instanceof StreamState.Submitting submitting) {
            state = submitting.over();
        }
    }

    /** A step that is taken from outside: what it throws ends this stream, and reaches nobody else. */
    private <T> Handler<T> guarded(Handler<T> step) {
        return argument -> {
            try {
                step.handle(argument);
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        };
    }

    private void sendHead(String generationId) {
        if (!compressed) {
            settings.compressors().leaveAlone(request);
        }
        writing = true;
        follow(StreamHeaders.write(request, generationId));
    }

    private void delta(Delta delta) {
        if (!(state instanceof StreamState.Open) || delta.text().isEmpty()) {
            return;
        }
        if (due) {
            // Another one within a turn: each has an event of its own.
            pump();
        }
        transcript.append(delta.text());
        unsentDeltas++;
        if (!due) {
            due = true;
            settings.due().add(this);
        }
    }

    /** The event loop's turn is at its end. */
    void sendDue() {
        due = false;
        try {
            pump();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void ended(AsyncResult<Finished> how) {
        if (state instanceof StreamState.Open open) {
            state = open.ended(how);
            pump();
        }
    }

    /** Sends what is due, one event at a time. */
    private void pump() {
        if (writing) {
            return;
        }
        // Not by the type that they share, which C1 looks up in a list.
        if (state instanceof StreamState.Open open) {
            if (transcript.hasUnsent()) {
                sendText(open.format());
            }
        } else if (state instanceof StreamState.Ending ending) {
            if (transcript.hasUnsent()) {
                sendText(ending.format());
            } else {
                sendEnd(ending);
            }
        }
    }

    private void sendText(EventFormat format) {
        if (unsentDeltas > 1) {
            settings.meters().folded(unsentDeltas - 1);
        }
        unsentDeltas = 0;
        writing = true;
        follow(writer.delta(format, transcript));
    }

    private void sendEnd(StreamState.Ending ending) {
        writing = true;
        AsyncResult<Finished> how = ending.how();
        if (how.succeeded()) {
            Future<Void> last = response.write(ending.format().finished(transcript, how.result()));
            conclude(last.compose(written -> response.end(EventFormat.done())), Cause.FINISHED);
        } else {
            ErrorResponse error = ErrorResponse.of(how.cause(), RequestId.of(request));
            conclude(response.end(error.event()), Cause.FAILED);
        }
    }

    private void conclude(Future<Void> end, Cause cause) {
        watch.wrote(end.onSuccess(done -> concluded(cause)).onFailure(this::failLater));
    }

    /** Goes on when the write is done: now, unless the socket is full. */
    private void follow(Future<Void> write) {
        watch.wrote(write);
        if (write.isComplete()) {
            written(write);
        } else {
            write.onComplete(whenWritten);
        }
    }

    private void written(AsyncResult<Void> done) {
        if (done.failed()) {
            failLater(done.cause());
        } else {
            caughtUp();
            pump();
        }
    }

    private void concluded(Cause cause) {
        caughtUp();
        if (state instanceof StreamState.Ending ending) {
            close(ending.told(), cause);
        }
        if (request.version() == HttpVersion.HTTP_1_0) {
            request.connection().close();
        }
    }

    private void caughtUp() {
        writing = false;
        watch.taken();
    }

    /** Writes fail too where the client leaves, which Vert.x (5.0.12) tells of only behind them, but within the same turn. */
    private void failLater(Throwable cause) {
        context.runOnContext(turn -> failed(cause));
    }

    private void failed(Throwable cause) {
        if (recipient.hasLeft()) {
            giveUp(Cause.CLIENT_GONE);
        } else if (state instanceof StreamState.Live) {
            giveUp(Cause.FAILED);
            recipient.cut(StreamConnection.HTTP2_INTERNAL_ERROR);
            LOG.atError()
                    .addKeyValue("request", RequestId.of(request))
                    .setCause(cause)
                    .log("a stream was cut: it could not be written");
        }
    }

    private void clientGone() {
        if (state instanceof StreamState.Submitting submitting) {
            state = submitting.over();
        } else {
            giveUp(Cause.CLIENT_GONE);
        }
    }

    private void giveUp(Cause cause) {
        StreamState before = state;
        if (before instanceof StreamState.Live live) {
            close(live.over(), cause);
        }
        if (before instanceof StreamState.Open open) {
            open.generation().cancel(Cancel.Cause.CONSUMER_GONE);
        }
    }

    private void close(StreamState.Closed closed, Cause cause) {
        state = closed;
        vertx.cancelTimer(timer);
        caughtUp();
        transcript.forget();
        if (compressed) {
            settings.compressors().end();
        }
        settings.meters().closed(cause);
    }

    /** One timer at a time looks both for silence and for a client that takes nothing; events only note the time. */
    private void arm() {
        timer = vertx.setTimer(Math.max(1, watch.untilNextLook() / 1_000_000), guarded(this::look));
    }

    private void look(long firedTimer) {
        if (!(state instanceof StreamState.Live)) {
            return;
        }
        StallDetector.Stall stall = watch.look();
        if (stall != StallDetector.Stall.NONE) {
            disconnect(stall);
            return;
        }
        if (!writing && watch.isSilent()) {
            writing = true;
            follow(response.write(EventFormat.ping()));
        }
        arm();
    }

    private void disconnect(StallDetector.Stall stall) {
        giveUp(Cause.STALLED);
        if (stall == StallDetector.Stall.CONNECTION) {
            channel.abort();
        } else {
            recipient.cut(StreamConnection.HTTP2_CANCEL);
        }
    }
}
