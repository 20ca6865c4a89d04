package dev.runnel.http;

import dev.runnel.client.ClientGeneration;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.stream.NativeFormat;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Transcript;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Starts a generation and answers with the whole text once it has ended. */
final class GenerateHandler {

    private final RequestValidator validator;
    private final Submission submission;
    private final Limits limits;
    private final ErrorWriter errors;

    GenerateHandler(RequestValidator validator, Submission submission, Limits limits, ErrorWriter errors) {
        this.validator = validator;
        this.submission = submission;
        this.limits = limits;
        this.errors = errors;
    }

    Endpoint endpoint() {
        return Endpoint.generate("/v1/generate", ErrorForm.JSON, this::handle);
    }

    private void handle(RoutingContext context) {
        validator
                .validate(context)
                .compose(valid -> submission
                        .submit(valid)
                        .onSuccess(generation ->
                                accepted(context, valid.generation().model(), generation)))
                .onFailure(refusal -> errors.write(context, refusal));
    }

    private void accepted(RoutingContext context, String model, ClientGeneration generation) {
        HttpServerResponse response = context.response();
        Future.<Void>succeededFuture()
                .compose(accepted -> finished(generation, response, model))
                // The headers say what remains after this generation.
                .eventually(() -> limits.addHeaders(context))
                .onSuccess(answer -> send(response, generation.id(), answer))
                .onFailure(failure -> errors.writeFailure(context, failure));
    }

    private static Future<Buffer> finished(ClientGeneration generation, HttpServerResponse response, String model) {
        if (response.closed()) {
            generation.cancel(Cancel.Cause.CONSUMER_GONE);
        } else {
            response.closeHandler(gone -> generation.cancel(Cancel.Cause.CONSUMER_GONE));
        }
        Transcript transcript = new Transcript();
        generation.deltas().handler((Delta delta) -> transcript.append(delta.text()));
        return generation.end().map(end -> answer(generation.id(), transcript, end, model));
    }

    private static Buffer answer(String id, Transcript transcript, Finished end, String model) {
        Buffer answer = Buffer.buffer(transcript.length() + 256);
        answer.appendString("{\"id\":\"" + id + "\",\"text\":\"");
        transcript.copyTo(answer::appendBytes);
        answer.appendString("\",\"finishReason\":\"" + end.finishReason().wireName() + "\",\"usage\":"
                + NativeFormat.usage(end.usage()) + ",\"model\":\"");
        EscapedText name = EscapedText.of(model);
        byte[] escaped = new byte[name.escapedLength()];
        name.copyTo(escaped, 0);
        return answer.appendBytes(escaped).appendString("\"}");
    }

    private static void send(HttpServerResponse response, String id, Buffer answer) {
        if (!response.closed()) {
            response.putHeader("X-Generation-Id", id)
                    .putHeader("Content-Type", "application/json")
                    .end(answer);
        }
    }
}
