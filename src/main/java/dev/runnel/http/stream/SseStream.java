package dev.runnel.http.stream;

import dev.runnel.client.ClientGeneration;
import dev.runnel.memory.HeldBytes.Bound;
import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.message.Part;
import dev.runnel.metric.StreamMeters.Cause;
import dev.runnel.net.OnContext;
import dev.runnel.net.ReschedulingTimer;
import dev.runnel.net.http1.ClientChannel;
import dev.runnel.resume.Attachment;
import dev.runnel.text.GenerationException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes one generation to one client. {@link StreamState} shows the states. At most one event is on its way to the
 * socket. Deltas that arrive meanwhile are appended to the text, and the next event carries all of them in one delta.
 * So a client that reads slowly costs the text and one event, and the producer never waits. What is not text keeps its
 * place in the text. A stream is cut if a write fails, as it is unknown how much of the event was sent.
 *
 * <p>The memory for clients bounds what is held. A stream whose text does not fit ends with an error event after the
 * text before it. If an event that waits for the socket does not fit, the client is disconnected. All methods run on
 * the connection's event loop.
 */
public final class SseStream implements FlushQueue.Waiting {

    private final Context context;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final ClientChannel channel;
    private final StreamConnection connection;
    private final StreamSettings settings;
    private final StreamMemory memory;
    private final StreamResources resources;
    private final Function<String, StreamFormat> formats;

    private final Handler<AsyncResult<Void>> whenWritten = guarded(this::written);
    private final StallDetector stalls;
    private final ReschedulingTimer timer;
    private final UnsentAnswer unsent;
    private StreamState state = new StreamState.Submitting();
    private EventWriter writer;
    /** Whether an event is on its way to the socket. */
    private boolean writing;
    /** Whether a write waits for the end of the event loop's turn. */
    private boolean flushing;

    /**
     * @param formats makes the stream's format from the generation's id
     * @param memory is closed with the stream
     */
    public SseStream(
            Vertx vertx,
            HttpServerRequest request,
            StreamSettings settings,
            Function<String, StreamFormat> formats,
            StreamMemory memory) {
        this.context = vertx.getOrCreateContext();
        this.request = request;
        this.response = request.response();
        this.channel = ClientChannel.of(request.connection());
        this.connection = new StreamConnection(request, channel);
        this.writer = new ResponseWriter(response);
        this.settings = settings;
        this.memory = memory;
        this.unsent = new UnsentAnswer(memory, settings.meters());
        this.resources = new StreamResources(request, settings);
        this.stalls = new StallDetector(settings, channel, connection.sharesConnection());
        this.timer = new ReschedulingTimer(vertx, this::check);
        this.formats = formats;
    }

    /** From now on a client that leaves is noticed. */
    public void start() {
        assert OnContext.checkLoop(context);
        response.closeHandler(closed -> {
            if (!response.ended()) {
                clientGone();
            }
        });
    }

    /** A generator accepted the generation: the headers are sent before its first token. */
    public void accepted(ClientGeneration generation) {
        assert OnContext.checkLoop(context);
        if (open(new StreamSource.Own(generation))) {
            if (unsent.showsParts()) {
                generation.onPart(guarded(this::part));
            }
            generation.deltas().handler(guarded(this::delta));
            generation.end().onComplete(guarded(this::ended));
        }
    }

    /** The client reads a resumable generation, whose text is shared with other readers. */
    public void attached(ResumedReader resumed) {
        assert OnContext.checkLoop(context);
        Attachment attachment = resumed.attachment();
        if (open(new StreamSource.Shared(attachment))) {
            resources.alsoRelease(attachment::leave);
            unsent.read(resumed);
            Handler<Attachment> advanced = guarded(this::advanced);
            attachment.onText(() -> advanced.handle(attachment));
            advanced.handle(attachment);
            resumed.end().onComplete(guarded(this::ended));
        }
    }

    /** Sends the headers; returns whether the client is still there. */
    private boolean open(StreamSource source) {
        if (!(state instanceof StreamState.Submitting submitting)) {
            source.leave();
            return false;
        }
        StreamState.Open open = submitting.accepted(source, formats.apply(source.id()));
        state = open;
        unsent.showParts(open.format());
        resources.acquire();
        if (request.version() == HttpVersion.HTTP_1_1 && !resources.hasCompressor() && channel.acceptsChunks()) {
            writer = new ChunkWriter(channel, settings.buffer());
        }
        guarded(this::sendHead).handle(open);
        if (state instanceof StreamState.Live) {
            timer.start(stalls.untilNextCheck());
        }
        return true;
    }

    /** No generator accepted the generation. The caller sends the error response. */
    public void refused() {
        assert OnContext.checkLoop(context);
        if (state instanceof StreamState.Submitting submitting) {
            state = submitting.close();
        }
    }

    /** A step that is called from outside. An exception ends this stream and does not reach the caller. */
    private <T> Handler<T> guarded(Handler<T> step) {
        return argument -> {
            assert OnContext.checkLoop(context);
            try {
                step.handle(argument);
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        };
    }

    private void sendHead(StreamState.Open open) {
        resources.declineCompression();
        writing = true;
        follow(
                StreamHeaders.write(request, open.source().id(), open.format().head()),
                open.format().headLength());
    }

    private void delta(Delta delta) {
        if (state instanceof StreamState.Open open && !delta.text().isEmpty()) {
            if (flushing) {
                // A second delta within one turn: each gets an event of its own.
                pump();
            }
            added(open, unsent.add(delta));
        }
    }

    private void part(Part part) {
        if (state instanceof StreamState.Open open) {
            if (flushing) {
                pump();
            }
            added(open, unsent.add(part));
        }
    }

    private void added(StreamState.Open open, Optional<Bound> refusal) {
        if (refusal.isPresent()) {
            // The stream ends with it, see ended().
            open.source().fail(new GenerationException(refusal.get().failure()));
        } else {
            flushLater();
        }
    }

    private void flushLater() {
        if (!flushing) {
            flushing = true;
            settings.flushes().add(this);
        }
    }

    /** There may be more of a shared text. */
    private void advanced(Attachment attachment) {
        if (state instanceof StreamState.Open) {
            if (flushing) {
                pump();
            }
            if (unsent.advance()) {
                flushLater();
            }
        }
    }

    /** The end of the event loop's turn. */
    @Override
    public void flush() {
        assert OnContext.checkLoop(context);
        flushing = false;
        try {
            pump();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void ended(AsyncResult<Finished> how) {
        if (state instanceof StreamState.Open open) {
            unsent.showAll();
            state = open.ended(how);
            pump();
        }
    }

    /** Sends what is due. A loop: an event that the socket accepts at once is followed by the next. */
    private void pump() {
        boolean hasMore = true;
        while (hasMore && !writing) {
            hasMore = false;
            // Not by the type that they share: C1 searches a list for a call through an interface.
            if (state instanceof StreamState.Open open) {
                hasMore = sendNext(open.format());
            } else if (state instanceof StreamState.Ending ending) {
                hasMore = sendNext(ending.format());
                if (!hasMore) {
                    sendEnd(ending);
                }
            }
        }
    }

    /** Returns whether there was anything to send. */
    private boolean sendNext(StreamFormat format) {
        boolean hasNext = unsent.hasNext();
        if (hasNext) {
            writing = true;
            follow(unsent.writeNext(format, writer), unsent.writtenBytes());
        }
        return hasNext;
    }

    private void sendEnd(StreamState.Ending ending) {
        writing = true;
        Cause cause = ending.how().succeeded() ? Cause.FINISHED : Cause.FAILED;
        int length = ending.format().endLength(unsent.reader());
        conclude(LastEvents.write(request, ending.format(), unsent.reader(), ending.how()), cause, length);
    }

    private void conclude(Future<Void> end, Cause cause, int eventBytes) {
        stalls.wrote(end.onSuccess(done -> concluded(cause)).onFailure(this::failLater));
        if (!end.isComplete()) {
            hold(eventBytes);
        }
    }

    /** Goes on when the write is complete: at once, unless the socket is full. */
    private void follow(Future<Void> write, int textBytes) {
        stalls.wrote(write);
        if (write.isComplete()) {
            settled(write);
        } else {
            write.onComplete(whenWritten);
            hold(textBytes);
        }
    }

    /** The socket has not accepted an event. Its client is disconnected if there is no memory for it. */
    private void hold(int textBytes) {
        if (state instanceof StreamState.Live && memory.acquireEvent(textBytes).isPresent()) {
            giveUp(Cause.MEMORY);
            connection.cut(StreamConnection.HTTP2_CANCEL);
        }
    }

    private void written(AsyncResult<Void> done) {
        settled(done);
        pump();
    }

    private void settled(AsyncResult<Void> done) {
        if (done.failed()) {
            failLater(done.cause());
        } else {
            caughtUp();
        }
    }

    private void concluded(Cause cause) {
        caughtUp();
        if (state instanceof StreamState.Ending ending) {
            close(ending.sent(), cause);
        }
        if (request.version() == HttpVersion.HTTP_1_0) {
            request.connection().close();
        }
    }

    private void caughtUp() {
        writing = false;
        stalls.caughtUp();
        unsent.written();
    }

    /** A write also fails when the client leaves. Vert.x (5.0.12) reports that later within the same turn. */
    private void failLater(Throwable cause) {
        context.runOnContext(turn -> failed(cause));
    }

    private void failed(Throwable cause) {
        if (connection.isClosed()) {
            giveUp(Cause.CLIENT_GONE);
        } else if (state instanceof StreamState.Live) {
            giveUp(Cause.FAILED);
            connection.cut(cause);
        }
    }

    private void clientGone() {
        if (state instanceof StreamState.Submitting submitting) {
            state = submitting.close();
        } else {
            giveUp(Cause.CLIENT_GONE);
        }
    }

    private void giveUp(Cause cause) {
        StreamState before = state;
        if (before instanceof StreamState.Live live) {
            close(live.close(), cause);
        }
        if (before instanceof StreamState.Open open) {
            open.source().leave();
        }
    }

    private void close(StreamState.Closed closed, Cause cause) {
        state = closed;
        timer.stop();
        caughtUp();
        memory.close();
        resources.release(cause);
    }

    /**
     * One timer checks both for silence and for a client that accepts nothing. Returns the time until the next check.
     */
    private long check() {
        assert OnContext.checkLoop(context);
        try {
            checkStall();
        } catch (RuntimeException | Error e) {
            failed(e);
        }
        return state instanceof StreamState.Live ? stalls.untilNextCheck() : 0;
    }

    private void checkStall() {
        if (!(state instanceof StreamState.Live live)) {
            return;
        }
        StallDetector.Stall stall = stalls.check();
        if (stall != StallDetector.Stall.NONE) {
            giveUp(Cause.STALLED);
            connection.disconnect(stall);
        } else if (!writing && stalls.isSilent()) {
            writing = true;
            follow(response.write(live.format().ping()), 0);
        }
    }
}
