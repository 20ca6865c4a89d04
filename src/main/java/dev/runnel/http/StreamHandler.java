package dev.runnel.http;

import dev.runnel.http.RequestValidator.ValidatedRequest;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.stream.NativeFormat;
import dev.runnel.http.stream.ResumableFormat;
import dev.runnel.http.stream.StreamFormat;
import io.vertx.ext.web.RoutingContext;

/** Starts a generation and streams its text as Server-Sent Events. */
final class StreamHandler {

    private final RequestValidator validator;
    private final StreamedAnswers answers;
    private final ErrorWriter errors;

    StreamHandler(RequestValidator validator, StreamedAnswers answers, ErrorWriter errors) {
        this.validator = validator;
        this.answers = answers;
        this.errors = errors;
    }

    Endpoint endpoint() {
        return Endpoint.generate("/v1/generate/stream", ErrorForm.EVENT, this::handle);
    }

    private void handle(RoutingContext context) {
        validator
                .validate(context)
                .compose(valid -> answers.send(valid, (id, created) -> format(valid, id)))
                .onFailure(refusal -> errors.write(context, refusal));
    }

    private static StreamFormat format(ValidatedRequest valid, String id) {
        boolean includeText = valid.request().includeText();
        return valid.resume().isPresent() ? new ResumableFormat(id, includeText) : new NativeFormat(id, includeText);
    }
}
