package dev.runnel.http;

import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.stream.NativeFormat;
import dev.runnel.http.stream.SseStream;
import dev.runnel.http.stream.StreamMemory;
import dev.runnel.http.stream.StreamSettings;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

/** Starts a generation and streams its text as Server-Sent Events. */
final class StreamHandler {

    private final Vertx vertx;
    private final RequestValidator validator;
    private final Submission submission;
    private final StreamSettings settings;
    private final ErrorWriter errors;

    StreamHandler(
            Vertx vertx,
            RequestValidator validator,
            Submission submission,
            StreamSettings settings,
            ErrorWriter errors) {
        this.vertx = vertx;
        this.validator = validator;
        this.submission = submission;
        this.settings = settings;
        this.errors = errors;
    }

    Endpoint endpoint() {
        return Endpoint.generate("/v1/generate/stream", ErrorForm.EVENT, this::handle);
    }

    private void handle(RoutingContext context) {
        validator
                .validate(context)
                .compose(valid -> {
                    SseStream stream = new SseStream(
                            vertx,
                            context.request(),
                            settings,
                            id -> new NativeFormat(id, valid.includeText()),
                            StreamMemory.open(
                                    settings.memory(),
                                    valid.caller().keyId(),
                                    context.request().connection()));
                    stream.start();
                    return submission.submit(valid).onSuccess(stream::accepted).onFailure(refusal -> stream.refused());
                })
                .onFailure(refusal -> errors.write(context, refusal));
    }
}
