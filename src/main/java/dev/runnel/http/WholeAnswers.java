package dev.runnel.http;

import dev.runnel.client.ClientGeneration;
import dev.runnel.http.RequestValidator.ValidatedRequest;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.ResumeHeaders;
import dev.runnel.http.stream.ResumedReader;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.Holding;
import dev.runnel.message.Cancel;
import dev.runnel.message.Finished;
import dev.runnel.resume.Attachment;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Parts;
import dev.runnel.text.Transcript;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.function.Function;

/** Starts generations, or attaches to them, and answers with the whole text once they have ended. */
final class WholeAnswers {

    /**
     * A whole answer.
     *
     * @param id of the generation
     * @param createdSeconds when it was accepted, also for a later reader, in whole seconds since 1970
     * @param text all of it
     * @param parts what is not text, from the first part on
     */
    record Whole(String id, long createdSeconds, Transcript text, Parts.Reader parts, Finished end) {}

    /** The body of an answer in the form of a route. */
    @FunctionalInterface
    interface Form {

        /** Makes the body. */
        Buffer body(Whole answer);
    }

    /** More than a short text needs with what surrounds it. */
    private static final int UNCOUNTED_BYTES = 4096;

    private final Submission submission;
    private final ResumableSubmission resumable;
    private final Limits limits;
    private final ErrorWriter errors;
    private final HeldBytes memory;
    private final InstantSource clock;

    /** @param clock gives the time of an acceptance */
    WholeAnswers(
            Submission submission,
            ResumableSubmission resumable,
            Limits limits,
            ErrorWriter errors,
            HeldBytes memory,
            InstantSource clock) {
        this.clock = clock;
        this.submission = submission;
        this.resumable = resumable;
        this.limits = limits;
        this.errors = errors;
        this.memory = memory;
    }

    /**
     * Answers a request.
     *
     * @return fails if the request is refused; then nothing was sent
     */
    Future<Void> send(ValidatedRequest valid, Form form) {
        return valid.resume().isPresent() ? resume(valid, valid.resume().get(), form) : submit(valid, form);
    }

    private Future<Void> submit(ValidatedRequest valid, Form form) {
        return submission
                .submit(valid)
                .onSuccess(generation -> answer(valid, generation.id(), held -> text(valid, form, generation, held)))
                .mapEmpty();
    }

    private Future<Buffer> text(ValidatedRequest valid, Form form, ClientGeneration generation, Holding held) {
        long created = clock.instant().getEpochSecond();
        whenClosed(valid, () -> generation.cancel(Cancel.Cause.CONSUMER_GONE));
        ArrivingAnswer answer = new ArrivingAnswer(generation, held);
        Family family = valid.request().answer().family();
        answer.start(family == Family.CHAT || family == Family.RESPONSES);
        return generation
                .end()
                .map(end -> form.body(new Whole(generation.id(), created, answer.text(), answer.parts(), end)));
    }

    private Future<Void> resume(ValidatedRequest valid, ResumeHeaders headers, Form form) {
        return resumable
                .attach(valid, headers)
                .onSuccess(reader ->
                        answer(valid, reader.attachment().generation().id(), held -> text(valid, form, reader, held)))
                .mapEmpty();
    }

    private static Future<Buffer> text(ValidatedRequest valid, Form form, ResumedReader reader, Holding held) {
        Attachment attachment = reader.attachment();
        whenClosed(valid, attachment::leave);
        return reader.end().map(end -> body(form, attachment, end, held)).onComplete(ended -> attachment.leave());
    }

    /** Holds the copy of the text, and of what is not text, in the answer. */
    private static Buffer body(Form form, Attachment attachment, Finished end, Holding held) {
        Transcript transcript = new Transcript();
        transcript.show(attachment.text());
        held.resize(attachment.text().capacity()).ifPresent(bound -> {
            throw new GenerationException(bound.failure());
        });
        return form.body(new Whole(
                attachment.generation().id(),
                attachment.generation().facts().createdSeconds(),
                transcript,
                attachment.text().parts(),
                end));
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
                .map(body -> held(body, held))
                .onFailure(failure -> errors.writeFailure(context, failure))
                .compose(body -> send(context.response(), id, body))
                .onComplete(sent -> held.close());
    }

    /** Holds a body that is larger than what is held for its text, as one is that repeats much of its request. */
    private static Buffer held(Buffer body, Holding held) {
        if (body.length() > held.bytes() + UNCOUNTED_BYTES) {
            held.resize(body.length()).ifPresent(bound -> {
                throw new GenerationException(bound.failure());
            });
        }
        return body;
    }

    private static void whenClosed(ValidatedRequest valid, Runnable leave) {
        HttpServerResponse response = valid.context().response();
        if (response.closed()) {
            leave.run();
        } else {
            response.closeHandler(gone -> leave.run());
        }
    }

    private static Future<Void> send(HttpServerResponse response, String id, Buffer answer) {
        return response.closed()
                ? Future.succeededFuture()
                : response.putHeader("X-Generation-Id", id)
                        .putHeader("Content-Type", "application/json")
                        .end(answer);
    }
}
