package dev.runnel.http;

import dev.runnel.client.ClientGeneration;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.stream.NativeFormat;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Transcript;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** {@code POST /v1/generate}: the whole text in one answer. */
final class GenerateHandler implements Handler<RoutingContext> {

    private final RequestValidator intake;
    private final Submission submission;
    private final Limits limits;
    private final ErrorWriter errors;

    GenerateHandler(RequestValidator intake, Submission submission, Limits limits, ErrorWriter errors) {
        this.intake = intake;
        this.submission = submission;
        this.limits = limits;
        this.errors = errors;
    }

    @Override
    public void handle(RoutingContext context) {
        intake.take(context)
                .compose(order -> submission
                        .submit(order)
                        .onSuccess(generation ->
                                accepted(context, order.generation().model(), generation)))
                .onFailure(refusal -> errors.write(context.request(), refusal));
    }

    private void accepted(RoutingContext context, String model, ClientGeneration generation) {
        HttpServerRequest request = context.request();
        Future.<Void>succeededFuture()
                .compose(taken -> finished(generation, request.response(), model))
                // What is left is told as it is behind this generation.
                .eventually(() -> limits.tell(context))
                .onSuccess(answer -> send(request.response(), answer))
                .onFailure(failure -> errors.writeFailure(request, failure));
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

    private static void send(HttpServerResponse response, Buffer answer) {
        if (!response.closed()) {
            response.putHeader("Content-Type", "application/json").end(answer);
        }
    }
}
