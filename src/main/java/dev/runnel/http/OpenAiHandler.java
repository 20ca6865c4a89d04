package dev.runnel.http;

import dev.runnel.http.RequestValidator.ValidatedRequest;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.openai.AnswerHead;
import dev.runnel.http.openai.AnswerShape;
import dev.runnel.http.openai.ChunkFormat;
import dev.runnel.http.openai.OpenAiFailure;
import dev.runnel.http.openai.WholeAnswer;
import dev.runnel.http.request.AnswerForm;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/**
 * Starts a generation for a client of an OpenAI-compatible route. The request decides whether the answer is streamed.
 */
final class OpenAiHandler {

    private final AnswerShape shape;
    private final RequestValidator validator;
    private final StreamedAnswers streamed;
    private final WholeAnswers whole;
    private final ErrorWriter errors;

    /**
     * @param shape of the route's answers
     * @param validator with the route's parser
     */
    OpenAiHandler(
            AnswerShape shape,
            RequestValidator validator,
            StreamedAnswers streamed,
            WholeAnswers whole,
            ErrorWriter errors) {
        this.shape = shape;
        this.validator = validator;
        this.streamed = streamed;
        this.whole = whole;
        this.errors = errors;
    }

    Endpoint endpoint() {
        return Endpoint.generate(shape.path(), ErrorForm.OPENAI, this::handle);
    }

    private void handle(RoutingContext context) {
        validator
                .validate(context)
                .compose(this::answer)
                .onFailure(refusal -> errors.write(context, OpenAiFailure.of(refusal)));
    }

    private Future<Void> answer(ValidatedRequest valid) {
        AnswerForm form = valid.request().answer();
        String model = valid.generation().model();
        if (form.isStreamed()) {
            return streamed.send(
                    valid,
                    (id, created) -> new ChunkFormat(
                            new AnswerHead(shape, id, created, model),
                            form.includesUsage(),
                            valid.resume().isPresent()));
        }
        return whole.send(
                valid,
                answer -> WholeAnswer.of(
                        new AnswerHead(shape, answer.id(), answer.createdSeconds(), model),
                        answer.text(),
                        answer.parts(),
                        answer.end()));
    }
}
