package dev.runnel.http;

import dev.runnel.client.GenerationClient;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.ResumeHeaders;
import dev.runnel.http.stream.ResumableFormat;
import dev.runnel.http.stream.ResumedReader;
import dev.runnel.http.stream.SseStream;
import dev.runnel.http.stream.StreamMemory;
import dev.runnel.http.stream.StreamSettings;
import dev.runnel.message.Status;
import dev.runnel.resume.AttachException;
import dev.runnel.resume.KeptGeneration;
import dev.runnel.resume.KeptGenerations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** Attaches a client to a resumable generation by its id. */
final class ResumeHandler {

    private final Vertx vertx;
    private final KeptGenerations kept;
    private final GenerationClient client;
    private final Readers readers;
    private final StreamSettings settings;
    private final ErrorWriter errors;

    ResumeHandler(
            Vertx vertx,
            Readers readers,
            KeptGenerations kept,
            GenerationClient client,
            StreamSettings settings,
            ErrorWriter errors) {
        this.vertx = vertx;
        this.kept = kept;
        this.client = client;
        this.readers = readers;
        this.settings = settings;
        this.errors = errors;
    }

    Endpoint endpoint() {
        return Endpoint.observe("/v1/generate/:id/stream", this::handle);
    }

    private void handle(RoutingContext context) {
        Future.<Void>succeededFuture()
                .compose(start -> attach(context))
                .onFailure(refusal -> errors.write(context, refusal));
    }

    private Future<?> attach(RoutingContext context) {
        long cursor = ResumeHeaders.cursor(context.request());
        Optional<Boolean> includeText = includeText(context);
        String owner = AuthenticatedCaller.of(context).caller().owner();
        String id = context.pathParam("id");
        Optional<KeptGeneration> found = kept.find(id, owner);
        if (found.isPresent()) {
            return attach(context, found.get(), includeText, cursor);
        }
        return kept.findElsewhere(id, owner)
                .recover(Readers::silent)
                .compose(elsewhere -> elsewhere.isPresent()
                        ? attach(context, elsewhere.get(), includeText, cursor)
                        : client.look(id, owner)
                                .compose(status -> Future.failedFuture(new RefusedException(notKept(status)))));
    }

    private Future<?> attach(
            RoutingContext context, KeptGeneration generation, Optional<Boolean> includeText, long cursor) {
        HttpServerRequest request = context.request();
        AuthenticatedCaller caller = AuthenticatedCaller.of(context);
        if (request.method().equals(HttpMethod.HEAD)) {
            return request.response()
                    .putHeader("X-Generation-Id", generation.id())
                    .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                    .end();
        }
        boolean repeatsText = includeText.orElse(generation.facts().includeText());
        StreamMemory memory = StreamMemory.open(settings.memory(), caller.keyId(), request.connection());
        SseStream stream =
                new SseStream(vertx, request, settings, name -> new ResumableFormat(name, repeatsText), memory);
        stream.start();
        return readers.attach(generation, caller.keyId(), cursor)
                .recover(ResumeHandler::unknown)
                .onSuccess(stream::attached)
                .onFailure(refusal -> stream.refused());
    }

    private static Future<ResumedReader> unknown(Throwable failure) {
        return Future.failedFuture(
                failure instanceof AttachException ? new RefusedException(ErrorResponse.unknownGeneration()) : failure);
    }

    private static ErrorResponse notKept(Status status) {
        return status.phase() == Status.Phase.UNKNOWN
                ? ErrorResponse.unknownGeneration()
                : ErrorResponse.conflict(
                        "not_resumable",
                        "generation: has no Idempotency-Key (expected: the id of a generation that was requested with"
                                + " one)",
                        0);
    }

    private static Optional<Boolean> includeText(RoutingContext context) {
        List<String> values = context.queryParam("includeText");
        if (values.isEmpty()) {
            return Optional.empty();
        }
        boolean isFlag = values.size() == 1 && List.of("true", "false").contains(values.get(0));
        if (!isFlag) {
            throw new RefusedException(
                    ErrorResponse.invalid("includeText", "includeText: not accepted (expected: true or false, once)"));
        }
        return Optional.of(Boolean.valueOf(values.get(0)));
    }
}
