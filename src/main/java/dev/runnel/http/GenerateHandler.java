package dev.runnel.http;

import dev.runnel.http.WholeAnswers.Whole;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.stream.NativeFormat;
import dev.runnel.message.Finished;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Transcript;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** Starts a generation and answers with the whole text once it has ended. */
final class GenerateHandler {

    private final RequestValidator validator;
    private final WholeAnswers answers;
    private final ErrorWriter errors;

    GenerateHandler(RequestValidator validator, WholeAnswers answers, ErrorWriter errors) {
        this.validator = validator;
        this.answers = answers;
        this.errors = errors;
    }

    Endpoint endpoint() {
        return Endpoint.generate("/v1/generate", ErrorForm.JSON, this::handle);
    }

    private void handle(RoutingContext context) {
        validator
                .validate(context)
                .compose(valid -> answers.send(
                        valid, whole -> answer(whole, valid.generation().model())))
                .onFailure(refusal -> errors.write(context, refusal));
    }

    private static Buffer answer(Whole whole, String model) {
        Transcript transcript = whole.text();
        Finished end = whole.end();
        Buffer answer = Buffer.buffer(transcript.length() + 256);
        answer.appendString("{\"id\":\"" + whole.id() + "\",\"text\":\"");
        transcript.copyTo(answer::appendBytes);
        return answer.appendString("\",\"finishReason\":\"" + end.finishReason().wireName() + "\",\"usage\":"
                + NativeFormat.usage(end.usage()) + ",\"model\":\""
                + EscapedText.of(model).escapedString() + "\"}");
    }
}
