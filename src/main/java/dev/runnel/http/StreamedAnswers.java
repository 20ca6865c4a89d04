package dev.runnel.http;

import dev.runnel.http.RequestValidator.ValidatedRequest;
import dev.runnel.http.stream.SseStream;
import dev.runnel.http.stream.StreamFormat;
import dev.runnel.http.stream.StreamMemory;
import dev.runnel.http.stream.StreamSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Function;

/** Starts generations, or attaches to them, and streams their text as Server-Sent Events in the format of a route. */
final class StreamedAnswers {

    private final Vertx vertx;
    private final Submission submission;
    private final ResumableSubmission resumable;
    private final StreamSettings settings;

    StreamedAnswers(Vertx vertx, Submission submission, ResumableSubmission resumable, StreamSettings settings) {
        this.vertx = vertx;
        this.submission = submission;
        this.resumable = resumable;
        this.settings = settings;
    }

    /**
     * Streams the answer to a request.
     *
     * @param formats makes the stream's format from the generation's id
     * @return fails if the request is refused; then nothing was sent
     */
    Future<Void> send(ValidatedRequest valid, Function<String, StreamFormat> formats) {
        return valid.resume().isPresent()
                ? resumable
                        .attach(valid, valid.resume().get())
                        .onSuccess(reader -> stream(valid, formats).attached(reader))
                        .mapEmpty()
                : submit(valid, stream(valid, formats));
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
