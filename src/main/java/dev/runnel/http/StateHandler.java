package dev.runnel.http;

import dev.runnel.client.GenerationClient;
import dev.runnel.http.connection.HeadAwareResponse;
import dev.runnel.http.connection.RequestId;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.error.FailedRequest;
import dev.runnel.http.stream.NativeFormat;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.Holding;
import dev.runnel.message.Finished;
import dev.runnel.message.Status;
import dev.runnel.resume.AttachException;
import dev.runnel.resume.Attachment;
import dev.runnel.resume.Guardian;
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
    private final Guardian guardian;
    private final ErrorWriter errors;
    private final HeldBytes memory;

    StateHandler(
            KeptGenerations kept, GenerationClient client, Guardian guardian, ErrorWriter errors, HeldBytes memory) {
        this.kept = kept;
        this.client = client;
        this.guardian = guardian;
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
        client.look(id, owner).onComplete(asked -> running(context, found, asked));
    }

    private void running(RoutingContext context, Optional<KeptGeneration> found, AsyncResult<Status> asked) {
        // If a generator does not answer, what is kept has an answer all the same.
        Status status = asked.succeeded() ? asked.result() : Status.unknown(context.pathParam("id"));
        if (found.isPresent()) {
            // It may have ended meanwhile.
            sendKept(context, found.get(), word(status));
            return;
        }
        String owner = AuthenticatedCaller.of(context).caller().owner();
        kept.findElsewhere(status.generationId(), owner)
                .compose(elsewhere -> elsewhere.map(this::look).orElseGet(StateHandler::notKept))
                .recover(Readers::silent)
                .onSuccess(look -> look.ifPresentOrElse(
                        reader -> sendKeptElsewhere(context, reader, status), () -> sendWithoutText(context, asked)))
                .onFailure(refusal -> errors.write(context, refusal));
    }

    private static Future<Optional<Attachment>> notKept() {
        return Future.succeededFuture(Optional.empty());
    }

    private Future<Optional<Attachment>> look(KeptGeneration elsewhere) {
        return guardian.look(elsewhere)
                .map(Optional::of)
                .recover(refusal -> isUnknown(refusal) ? notKept() : Future.failedFuture(refusal));
    }

    private static boolean isUnknown(Throwable refusal) {
        return refusal instanceof AttachException known && known.reason() == AttachException.Reason.UNKNOWN;
    }

    private static String word(Status status) {
        return status.phase() == Status.Phase.WAITING ? "waiting" : "running";
    }

    /** One that another node keeps, or kept until it died. While it runs, the text so far is the answer. */
    private void sendKeptElsewhere(RoutingContext context, Attachment look, Status status) {
        Context lane = context.vertx().getOrCreateContext();
        Future<?> end = status.phase() == Status.Phase.UNKNOWN
                ? look.end().timeout(END_MILLIS, TimeUnit.MILLISECONDS)
                : Future.succeededFuture();
        // The time limit may end on another thread.
        end.onComplete(ended -> lane.runOnContext(turn -> {
            try {
                sendKept(context, look.generation(), word(status));
            } finally {
                look.leave();
            }
        }));
    }

    /** One that is not kept is known while it runs. */
    private void sendWithoutText(RoutingContext context, AsyncResult<Status> asked) {
        if (asked.failed()) {
            errors.write(context, asked.cause());
        } else if (asked.result().phase() == Status.Phase.UNKNOWN) {
            errors.write(context, ErrorResponse.unknownGeneration());
        } else {
            Status status = asked.result();
            String head = head(status.generationId(), word(status), status.model(), status.bytes());
            send(context, status.generationId(), Buffer.buffer(head + '}'));
        }
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
