package dev.runnel.http;

import dev.runnel.http.RequestValidator.ValidatedRequest;
import dev.runnel.http.stream.ResumedReader;
import dev.runnel.http.stream.SseStream;
import dev.runnel.http.stream.StreamFormat;
import dev.runnel.http.stream.StreamMemory;
import dev.runnel.http.stream.StreamSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.function.Function;

/** Starts generations, or attaches to them, and streams their text as Server-Sent Events in the format of a route. */
final class StreamedAnswers {

    private final Vertx vertx;
    private final Submission submission;
    private final ResumableSubmission resumable;
    private final StreamSettings settings;
    private final InstantSource clock;

    /** Makes the format of one stream. */
    @FunctionalInterface
    interface Formats {

        /**
         * Makes it when the generation is accepted.
         *
         * @param id of the generation
         * @param createdSeconds when it was accepted, also for a later reader, in whole seconds since 1970
         */
        StreamFormat format(String id, long createdSeconds);
    }

    /** @param clock gives the time of an acceptance */
    StreamedAnswers(
            Vertx vertx,
            Submission submission,
            ResumableSubmission resumable,
            StreamSettings settings,
            InstantSource clock) {
        this.clock = clock;
        this.vertx = vertx;
        this.submission = submission;
        this.resumable = resumable;
        this.settings = settings;
    }

    /**
     * Streams the answer to a request.
     *
     * @return fails if the request is refused; then nothing was sent
     */
    Future<Void> send(ValidatedRequest valid, Formats formats) {
        return valid.resume().isPresent()
                ? resumable
                        .attach(valid, valid.resume().get())
                        .onSuccess(reader -> attached(valid, formats, reader))
                        .mapEmpty()
                : submit(
                        valid,
                        stream(valid, id -> formats.format(id, clock.instant().getEpochSecond())));
    }

    private void attached(ValidatedRequest valid, Formats formats, ResumedReader reader) {
        long created = reader.attachment().generation().facts().createdSeconds();
        stream(valid, id -> formats.format(id, created)).attached(reader);
    }

    private Future<Void> submit(ValidatedRequest valid, SseStream stream) {
        return submission
                .submit(valid)
                .onSuccess(stream::accepted)
                .onFailure(refusal -> stream.refused())
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
