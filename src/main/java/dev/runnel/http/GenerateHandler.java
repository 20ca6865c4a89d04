package dev.runnel.http;

import dev.runnel.client.ClientGeneration;
import dev.runnel.http.RequestValidator.ValidatedRequest;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.request.ResumeHeaders;
import dev.runnel.http.stream.NativeFormat;
import dev.runnel.http.stream.ResumedReader;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.resume.Attachment;
import dev.runnel.resume.KeptGeneration;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Transcript;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/** Starts a generation and answers with the whole text once it has ended. */
final class GenerateHandler {

    private final RequestValidator validator;
    private final Submission submission;
    private final ResumableSubmission resumable;
    private final Limits limits;
    private final ErrorWriter errors;

    GenerateHandler(
            RequestValidator validator,
            Submission submission,
            ResumableSubmission resumable,
            Limits limits,
            ErrorWriter errors) {
        this.validator = validator;
        this.submission = submission;
        this.resumable = resumable;
        this.limits = limits;
        this.errors = errors;
    }

    Endpoint endpoint() {
        return Endpoint.generate("/v1/generate", ErrorForm.JSON, this::handle);
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
        return submission
                .submit(valid)
                .onSuccess(generation -> answer(valid, generation.id(), () -> text(valid, generation)))
                .mapEmpty();
    }

    private static Future<Buffer> text(ValidatedRequest valid, ClientGeneration generation) {
        whenClosed(valid, () -> generation.cancel(Cancel.Cause.CONSUMER_GONE));
        Transcript transcript = new Transcript();
        generation.deltas().handler((Delta delta) -> transcript.append(delta.text()));
        return generation
                .end()
                .map(end -> answer(
                        generation.id(), transcript, end, valid.generation().model()));
    }

    private Future<Void> resume(ValidatedRequest valid, ResumeHeaders headers) {
        return resumable
                .attach(valid, headers)
                .onSuccess(
                        reader -> answer(valid, reader.attachment().generation().id(), () -> text(valid, reader)))
                .mapEmpty();
    }

    private static Future<Buffer> text(ValidatedRequest valid, ResumedReader reader) {
        Attachment attachment = reader.attachment();
        whenClosed(valid, attachment::leave);
        return reader.end().map(end -> answer(attachment.generation(), end)).onComplete(ended -> attachment.leave());
    }

    private static Buffer answer(KeptGeneration kept, Finished end) {
        Transcript transcript = new Transcript();
        transcript.show(kept.text());
        return answer(kept.id(), transcript, end, kept.facts().model());
    }

    private void answer(ValidatedRequest valid, String id, Supplier<Future<Buffer>> answer) {
        RoutingContext context = valid.context();
        Future.<Void>succeededFuture()
                .compose(accepted -> answer.get())
                // The headers say what remains after this generation.
                .eventually(() -> limits.addHeaders(context))
                .onSuccess(body -> send(context.response(), id, body))
                .onFailure(failure -> errors.writeFailure(context, failure));
    }

    private static void whenClosed(ValidatedRequest valid, Runnable leave) {
        HttpServerResponse response = valid.context().response();
        if (response.closed()) {
            leave.run();
        } else {
            response.closeHandler(gone -> leave.run());
        }
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
