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
import dev.runnel.resume.KeptGeneration;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.text.EscapedText;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Transcript;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Answers with the state of a generation: of any while it runs, of a resumable one until it is forgotten. */
final class StateHandler {

    private final KeptGenerations kept;
    private final GenerationClient client;
    private final ErrorWriter errors;
    private final HeldBytes memory;

    StateHandler(KeptGenerations kept, GenerationClient client, ErrorWriter errors, HeldBytes memory) {
        this.kept = kept;
        this.client = client;
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
            errors.write(context, ErrorResponse.unknownGeneration());
        } else {
            send(
                    context,
                    status.generationId(),
                    head(status.generationId(), word, status.model(), status.bytes())
                            .appendString("}"));
        }
    }

    /** Holds the copy of the text until it is sent. */
    private void sendKept(RoutingContext context, KeptGeneration generation, String running) {
        Holding held = new Holding(
                memory,
                HeldBytes.Kind.TEXTS,
                AuthenticatedCaller.of(context).keyId(),
                context.request().connection());
        Optional<HeldBytes.Bound> refusal = held.resize(generation.text().capacity());
        if (refusal.isPresent()) {
            errors.write(context, new GenerationException(refusal.get().failure()));
            return;
        }
        send(context, generation.id(), body(context, generation, running)).onComplete(sent -> held.close());
    }

    private static Future<Void> send(RoutingContext context, String id, Buffer body) {
        if (context.response().closed()) {
            return Future.succeededFuture();
        }
        context.response().putHeader("X-Generation-Id", id).putHeader("Content-Type", "application/json");
        return HeadAwareResponse.end(context.request(), body);
    }

    /** @param running the status, unless it has ended */
    private static Buffer body(RoutingContext context, KeptGeneration kept, String running) {
        Optional<AsyncResult<Finished>> outcome = kept.outcome();
        Transcript text = new Transcript();
        text.show(kept.text());
        String status =
                outcome.map(how -> how.succeeded() ? "finished" : "failed").orElse(running);
        Buffer body = head(kept.id(), status, kept.facts().model(), text.utf8Length());
        outcome.ifPresent(how -> body.appendString("," + end(context, how)));
        body.appendString(",\"text\":\"");
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

    private static Buffer head(String id, String status, String model, long bytes) {
        EscapedText name = EscapedText.of(model);
        byte[] escaped = new byte[name.escapedLength()];
        name.copyTo(escaped, 0);
        return Buffer.buffer("{\"id\":\"" + id + "\",\"status\":\"" + status + "\",\"model\":\"")
                .appendBytes(escaped)
                .appendString("\",\"bytes\":" + bytes);
    }
}
