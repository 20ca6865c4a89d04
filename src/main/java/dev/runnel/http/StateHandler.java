package dev.runnel.http;

import dev.runnel.client.GenerationClient;
import dev.runnel.http.connection.HeadAwareResponse;
import dev.runnel.http.connection.RequestId;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.error.FailedRequest;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.stream.NativeFormat;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.Holding;
import dev.runnel.message.Finished;
import dev.runnel.message.Status;
import dev.runnel.resume.AttachException;
import dev.runnel.resume.Attachment;
import dev.runnel.resume.KeptGeneration;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.text.EscapedText;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Transcript;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Answers with the state of a generation: of any while it runs, of a resumable one until it is forgotten. */
final class StateHandler {

    /** The end of a text that another node keeps comes directly after the text. */
    private static final int END_MILLIS = 250;

    private final KeptGenerations kept;
    private final GenerationClient client;
    private final Readers readers;
    private final ErrorWriter errors;
    private final HeldBytes memory;

    StateHandler(KeptGenerations kept, GenerationClient client, Readers readers, ErrorWriter errors, HeldBytes memory) {
        this.kept = kept;
        this.client = client;
        this.readers = readers;
        this.errors = errors;
        this.memory = memory;
    }

    Endpoint endpoint() {
        return Endpoint.observe("/v1/generate/:id", this::handle);
    }

    private void handle(RoutingContext context) {
        String owner = AuthenticatedCaller.of(context).caller().owner();
        String id = context.pathParam("id");
        Optional<KeptGeneration> found = kept.find(id, owner);
        if (found.isPresent() && found.get().outcome().isPresent()) {
            sendKept(context, found.get(), "finished");
            return;
        }
        client.look(id, owner)
                .onSuccess(status -> running(context, found, status))
                .onFailure(failure -> errors.write(context, failure));
    }

    private void running(RoutingContext context, Optional<KeptGeneration> found, Status status) {
        String word = status.phase() == Status.Phase.WAITING ? "waiting" : "running";
        if (found.isPresent()) {
            // It may have ended meanwhile.
            sendKept(context, found.get(), word);
        } else if (status.phase() == Status.Phase.UNKNOWN) {
            sendKeptElsewhere(context, status.generationId());
        } else {
            send(
                    context,
                    status.generationId(),
                    Buffer.buffer(head(status.generationId(), word, status.model(), status.bytes()) + '}'));
        }
    }

    /** One that another node keeps, or kept until it died. */
    private void sendKeptElsewhere(RoutingContext context, String id) {
        AuthenticatedCaller caller = AuthenticatedCaller.of(context);
        kept.findElsewhere(id, caller.caller().owner())
                .recover(Readers::silent)
                .compose(found -> found.map(generation -> readers.attach(generation, caller.keyId(), 0))
                        .orElseGet(() -> Future.failedFuture(unknown())))
                .onSuccess(reader -> sendAfterEnd(context, reader.attachment()))
                .onFailure(refusal -> errors.write(context, refusal instanceof AttachException ? unknown() : refusal));
    }

    private static RefusedException unknown() {
        return new RefusedException(ErrorResponse.unknownGeneration());
    }

    private void sendAfterEnd(RoutingContext context, Attachment reader) {
        Context lane = context.vertx().getOrCreateContext();
        reader.end()
                .timeout(END_MILLIS, TimeUnit.MILLISECONDS)
                // The time limit may end on another thread.
                .onComplete(ended -> lane.runOnContext(turn -> {
                    try {
                        sendKept(context, reader.generation(), "running");
                    } finally {
                        reader.leave();
                    }
                }));
    }

    /**
     * Holds the copy of the text until it is sent.
     *
     * @param running the status, unless it has ended
     */
    private void sendKept(RoutingContext context, KeptGeneration generation, String running) {
        Holding held = new Holding(
                memory,
                HeldBytes.Kind.TEXTS,
                AuthenticatedCaller.of(context).keyId(),
                context.request().connection());
        Optional<AsyncResult<Finished>> outcome = generation.outcome();
        Transcript text = new Transcript();
        // Read after the outcome: the text of an ended one is whole.
        text.show(generation.text());
        if (!generation.isOfOtherNode()
                && kept.find(generation.id(), generation.facts().owner()).isEmpty()) {
            // Deleted meanwhile: the text may be the empty one that replaced it.
            errors.write(context, ErrorResponse.unknownGeneration());
            return;
        }
        Optional<HeldBytes.Bound> refusal = held.resize(text.length());
        if (refusal.isPresent()) {
            errors.write(context, new GenerationException(refusal.get().failure()));
            return;
        }
        String status =
                outcome.map(how -> how.succeeded() ? "finished" : "failed").orElse(running);
        String end = outcome.map(how -> ',' + end(context, how)).orElse("");
        String head = head(generation.id(), status, generation.facts().model(), text.utf8Length()) + end;
        send(context, generation.id(), body(head, text)).onComplete(sent -> held.close());
    }

    private static Future<Void> send(RoutingContext context, String id, Buffer body) {
        if (context.response().closed()) {
            return Future.succeededFuture();
        }
        context.response().putHeader("X-Generation-Id", id).putHeader("Content-Type", "application/json");
        return HeadAwareResponse.end(context.request(), body);
    }

    /** Allocates what it needs: a buffer that grows would need up to three times as much as is held. */
    private static Buffer body(String head, Transcript text) {
        byte[] first = head.getBytes(StandardCharsets.UTF_8);
        Buffer body = Buffer.buffer(first.length + text.length() + 16);
        body.appendBytes(first).appendString(",\"text\":\"");
        text.copyTo(body::appendBytes);
        return body.appendString("\"}");
    }

    private static String end(RoutingContext context, AsyncResult<Finished> how) {
        if (how.failed()) {
            return FailedRequest.response(how.cause(), RequestId.of(context.request()))
                    .member();
        }
        Finished finished = how.result();
        return "\"finishReason\":\"" + finished.finishReason().wireName() + "\",\"usage\":"
                + NativeFormat.usage(finished.usage());
    }

    private static String head(String id, String status, String model, long bytes) {
        return "{\"id\":\"" + id + "\",\"status\":\"" + status + "\",\"model\":\""
                + EscapedText.of(model).escapedString() + "\",\"bytes\":" + bytes;
    }
}
