package dev.runnel.http;

import dev.runnel.http.RequestValidator.ValidatedRequest;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.openai.OpenAiFailure;
import dev.runnel.http.request.ResumeHeaders;
import dev.runnel.http.responses.ResponseEvents;
import dev.runnel.http.responses.ResponseObject;
import dev.runnel.http.responses.ResponseOutput;
import dev.runnel.http.responses.ResponseStatus;
import dev.runnel.http.responses.ResponsesFailure;
import dev.runnel.resume.KeptGeneration;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.resume.KeptRequest;
import dev.runnel.text.FinishReason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/**
 * Starts a generation for a client of {@code /v1/responses}. A background response is a resumable generation. Its
 * client does not wait for the text, unless it is streamed.
 */
final class ResponsesHandler {

    private final RequestValidator validator;
    private final StreamedAnswers streamed;
    private final WholeAnswers whole;
    private final ResumableSubmission resumable;
    private final KeptGenerations kept;
    private final ResponseStates states;
    private final ErrorWriter errors;

    ResponsesHandler(
            RequestValidator validator,
            StreamedAnswers streamed,
            WholeAnswers whole,
            ResumableSubmission resumable,
            KeptGenerations kept,
            ResponseStates states,
            ErrorWriter errors) {
        this.validator = validator;
        this.streamed = streamed;
        this.whole = whole;
        this.resumable = resumable;
        this.kept = kept;
        this.states = states;
        this.errors = errors;
    }

    Endpoint endpoint() {
        return Endpoint.generate("/v1/responses", ErrorForm.OPENAI, this::handle);
    }

    private void handle(RoutingContext context) {
        validator
                .validate(context)
                .compose(this::answer)
                .onFailure(refusal -> errors.write(context, ResponsesFailure.of(refusal)));
    }

    private Future<Void> answer(ValidatedRequest valid) {
        if (valid.request().answer().isStreamed()) {
            boolean isResumable = valid.resume().isPresent();
            boolean hasText =
                    valid.resume().filter(headers -> headers.cursor() > 0).isPresent();
            long received = hasText ? ResponseEvents.OF_HEAD : ResponseEvents.NONE;
            return streamed.send(
                    valid, (id, created) -> new ResponseEvents(response(valid, id, created), isResumable, received));
        }
        return valid.request().answer().isBackground()
                ? start(valid, valid.resume().orElseThrow())
                : whole.send(valid, answer -> body(response(valid, answer.id(), answer.createdSeconds()), answer));
    }

    /** A request with an idempotency key may have attached to an earlier response, whose members it repeats. */
    private ResponseObject response(ValidatedRequest valid, String id, long createdSeconds) {
        KeptRequest request = kept.find(id, valid.caller().caller().owner())
                .map(KeptGeneration::request)
                .filter(KeptRequest::isKept)
                .orElse(valid.request().kept());
        return new ResponseObject(id, valid.generation().model(), createdSeconds, request);
    }

    private static Buffer body(ResponseObject response, WholeAnswers.Whole answer) {
        if (answer.end().finishReason() == FinishReason.CANCELLED) {
            throw new RefusedException(OpenAiFailure.cancelled());
        }
        return response.json(
                ResponseStatus.of(answer.end()), ResponseOutput.of(answer.id(), answer.text(), answer.parts()));
    }

    private Future<Void> start(ValidatedRequest valid, ResumeHeaders headers) {
        return resumable
                .attach(valid, headers)
                .onSuccess(reader -> states.send(valid.context(), reader.attachment()))
                .mapEmpty();
    }
}
