package dev.runnel.http;

import dev.runnel.client.GenerationClient;
import dev.runnel.http.connection.HeadAwareResponse;
import dev.runnel.http.connection.RequestId;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.error.FailedRequest;
import dev.runnel.http.stream.NativeFormat;
import dev.runnel.message.Finished;
import dev.runnel.message.Status;
import dev.runnel.resume.KeptGeneration;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Transcript;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Answers with the state of a generation: of any while it runs, of a resumable one until it is forgotten. */
final class StateHandler {

    private final KeptGenerations kept;
    private final GenerationClient client;
    private final ErrorWriter errors;

    StateHandler(KeptGenerations kept, GenerationClient client, ErrorWriter errors) {
        this.kept = kept;
        this.client = client;
        this.errors = errors;
    }

    Endpoint endpoint() {
        return Endpoint.observe("/v1/generate/:id", this::handle);
    }

    private void handle(RoutingContext context) {
        String owner = AuthenticatedCaller.of(context).caller().owner();
        String id = context.pathParam("id");
        Optional<KeptGeneration> found = kept.find(id, owner);
        if (found.isPresent() && found.get().outcome().isPresent()) {
            send(context, id, body(context, found.get(), "finished"));
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
            send(context, status.generationId(), body(context, found.get(), word));
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

    private static void send(RoutingContext context, String id, Buffer body) {
        if (!context.response().closed()) {
            context.response().putHeader("X-Generation-Id", id).putHeader("Content-Type", "application/json");
            HeadAwareResponse.end(context.request(), body);
        }
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
