package dev.runnel.http;

import dev.runnel.http.RequestValidator.ValidatedRequest;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.request.ResumeHeaders;
import dev.runnel.http.stream.NativeFormat;
import dev.runnel.http.stream.ResumableFormat;
import dev.runnel.http.stream.SseStream;
import dev.runnel.http.stream.StreamFormat;
import dev.runnel.http.stream.StreamMemory;
import dev.runnel.http.stream.StreamSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;

/** Starts a generation and streams its text as Server-Sent Events. */
final class StreamHandler {

    private final Vertx vertx;
    private final RequestValidator validator;
    private final Submission submission;
    private final ResumableSubmission resumable;
    private final StreamSettings settings;
    private final ErrorWriter errors;

    StreamHandler(
            Vertx vertx,
            RequestValidator validator,
            Submission submission,
            ResumableSubmission resumable,
            StreamSettings settings,
            ErrorWriter errors) {
        this.vertx = vertx;
        this.validator = validator;
        this.submission = submission;
        this.resumable = resumable;
        this.settings = settings;
        this.errors = errors;
    }

    Endpoint endpoint() {
        return Endpoint.generate("/v1/generate/stream", ErrorForm.EVENT, this::handle);
    }

    private void handle(RoutingContext context) {
        validator
                .validate(context)
                .compose(valid -> valid.resume().isPresent()
                        ? resume(valid, valid.resume().get())
                        : submit(valid))
                .onFailure(refusal -> errors.write(context, refusal));
    }

    private Future<Void> submit(ValidatedRequest valid) {
        SseStream stream =
                stream(valid, id -> new NativeFormat(id, valid.request().includeText()));
        return submission
                .submit(valid)
                .onSuccess(stream::accepted)
                .onFailure(refusal -> stream.refused())
                .mapEmpty();
    }

    private Future<Void> resume(ValidatedRequest valid, ResumeHeaders headers) {
        return resumable
                .attach(valid, headers)
                .onSuccess(reader -> stream(
                                valid,
                                id -> new ResumableFormat(id, valid.request().includeText()))
                        .attached(reader))
                .mapEmpty();
    }

    private SseStream stream(ValidatedRequest valid, Function<String, StreamFormat> formats) {
        HttpServerRequest request = valid.context().request();
        StreamMemory memory =
                StreamMemory.open(settings.memory(), valid.caller().keyId(), request.connection());
        SseStream stream = new SseStream(vertx, request, settings, formats, memory);
        stream.start();
        return stream;
    }
}
