package dev.runnel.http;

import dev.runnel.client.ClientGeneration;
import dev.runnel.http.RequestValidator.ValidatedRequest;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.request.ResumeHeaders;
import dev.runnel.http.stream.NativeFormat;
import dev.runnel.http.stream.ResumedReader;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.Holding;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.resume.Attachment;
import dev.runnel.resume.KeptGeneration;
import dev.runnel.text.EscapedText;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Transcript;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Function;

/** Starts a generation and answers with the whole text once it has ended. */
final class GenerateHandler {

    private final RequestValidator validator;
    private final Submission submission;
    private final ResumableSubmission resumable;
    private final Limits limits;
    private final ErrorWriter errors;
    private final HeldBytes memory;

    GenerateHandler(
            RequestValidator validator,
            Submission submission,
            ResumableSubmission resumable,
            Limits limits,
            ErrorWriter errors,
            HeldBytes memory) {
        this.validator = validator;
        this.submission = submission;
        this.resumable = resumable;
        this.limits = limits;
        this.errors = errors;
        this.memory = memory;
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
                .onSuccess(generation -> answer(valid, generation.id(), held -> text(valid, generation, held)))
                .mapEmpty();
    }

    private static Future<Buffer> text(ValidatedRequest valid, ClientGeneration generation, Holding held) {
        whenClosed(valid, () -> generation.cancel(Cancel.Cause.CONSUMER_GONE));
        Transcript transcript = new Transcript();
        generation.deltas().handler((Delta delta) -> append(delta, transcript, generation, held));
        return generation
                .end()
                .map(end -> answer(
                        generation.id(), transcript, end, valid.generation().model()));
    }

    private Future<Void> resume(ValidatedRequest valid, ResumeHeaders headers) {
        return resumable
                .attach(valid, headers)
                .onSuccess(reader ->
                        answer(valid, reader.attachment().generation().id(), held -> text(valid, reader, held)))
                .mapEmpty();
    }

    private static Future<Buffer> text(ValidatedRequest valid, ResumedReader reader, Holding held) {
        Attachment attachment = reader.attachment();
        whenClosed(valid, attachment::leave);
        return reader.end().map(end -> answer(attachment, end, held)).onComplete(ended -> attachment.leave());
    }

    /** Holds the copy of the text in the answer. */
    private static Buffer answer(Attachment attachment, Finished end, Holding held) {
        KeptGeneration kept = attachment.generation();
        Transcript transcript = new Transcript();
        transcript.show(attachment.text());
        held.resize(transcript.length()).ifPresent(bound -> {
            throw new GenerationException(bound.failure());
        });
        return answer(kept.id(), transcript, end, kept.facts().model());
    }

    private void answer(ValidatedRequest valid, String id, Function<Holding, Future<Buffer>> answer) {
        RoutingContext context = valid.context();
        Holding held = new Holding(
                memory,
                HeldBytes.Kind.TEXTS,
                valid.caller().keyId(),
                context.request().connection());
        Future.<Void>succeededFuture()
                .compose(accepted -> answer.apply(held))
                // The headers say what remains after this generation.
                .eventually(() -> limits.addHeaders(context))
                .onFailure(failure -> errors.writeFailure(context, failure))
                .compose(body -> send(context.response(), id, body))
                .onComplete(sent -> held.close());
    }

    private static void whenClosed(ValidatedRequest valid, Runnable leave) {
        HttpServerResponse response = valid.context().response();
        if (response.closed()) {
            leave.run();
        } else {
            response.closeHandler(gone -> leave.run());
        }
    }

    /** Holds twice the transcript, so that there is room for its copy in the answer. */
    private static void append(Delta delta, Transcript transcript, ClientGeneration generation, Holding held) {
        int grown = transcript.growthFor(delta.text());
        if (grown > 0) {
            Optional<HeldBytes.Bound> refusal = held.resize(2L * grown);
            if (refusal.isPresent()) {
                generation.cancel(new GenerationException(refusal.get().failure()));
                return;
            }
        }
        transcript.append(delta.text());
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

    private static Future<Void> send(HttpServerResponse response, String id, Buffer answer) {
        return response.closed()
                ? Future.succeededFuture()
                : response.putHeader("X-Generation-Id", id)
                        .putHeader("Content-Type", "application/json")
                        .end(answer);
    }
}
