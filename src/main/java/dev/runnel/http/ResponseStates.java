package dev.runnel.http;

import dev.runnel.client.GenerationClient;
import dev.runnel.http.connection.HeadAwareResponse;
import dev.runnel.http.connection.RequestId;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.error.FailedRequest;
import dev.runnel.http.responses.ResponseObject;
import dev.runnel.http.responses.ResponseOutput;
import dev.runnel.http.responses.ResponseStatus;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.Holding;
import dev.runnel.message.Finished;
import dev.runnel.message.Status;
import dev.runnel.resume.Attachment;
import dev.runnel.resume.KeptGeneration;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.resume.KeptRequest;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Transcript;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Answers with the object of a kept response, as it is now. */
final class ResponseStates {

    /** The end comes right after the text so far. */
    private static final Duration END_ARRIVES = Duration.ofSeconds(5);

    private final KeptGenerations kept;
    private final GenerationClient client;
    private final ErrorWriter errors;
    private final HeldBytes memory;

    ResponseStates(KeptGenerations kept, GenerationClient client, ErrorWriter errors, HeldBytes memory) {
        this.kept = kept;
        this.client = client;
        this.errors = errors;
        this.memory = memory;
    }

    /** As the other one, for a reader that was attached. It leaves, once the end of a text on another node is here. */
    void send(RoutingContext context, Attachment reader) {
        KeptGeneration generation = reader.generation();
        if (!generation.isOfOtherNode()) {
            reader.leave();
            send(context, generation);
            return;
        }
        look(generation)
                .compose(status -> status.phase() == Status.Phase.UNKNOWN
                        ? reader.end()
                                .timeout(END_ARRIVES.toMillis(), TimeUnit.MILLISECONDS)
                                .transform(ended -> Future.succeededFuture(ResponseStatus.IN_PROGRESS))
                        : Future.succeededFuture(open(status)))
                .onComplete(known -> reader.leave())
                .onSuccess(open -> send(context, generation, open))
                .onFailure(failure -> errors.write(context, failure));
    }

    /** Asks the generator whether the generation waits, unless it has ended. */
    void send(RoutingContext context, KeptGeneration generation) {
        if (generation.outcome().isPresent()) {
            send(context, generation, ResponseStatus.IN_PROGRESS);
            return;
        }
        look(generation)
                .onSuccess(status -> send(context, generation, open(status)))
                .onFailure(failure -> errors.write(context, failure));
    }

    /** It is known here. If its generator does not answer, it may run. */
    private Future<Status> look(KeptGeneration generation) {
        return client.look(generation.id(), generation.facts().owner()).otherwise(Status.unknown(generation.id()));
    }

    private static ResponseStatus open(Status status) {
        return status.phase() == Status.Phase.WAITING ? ResponseStatus.QUEUED : ResponseStatus.IN_PROGRESS;
    }

    /**
     * Holds the answer until it is sent.
     *
     * @param open the status, unless it has ended meanwhile
     */
    private void send(RoutingContext context, KeptGeneration generation, ResponseStatus open) {
        Optional<AsyncResult<Finished>> outcome = generation.outcome();
        // Read after the outcome: the text of an ended one is whole.
        KeptRequest request = generation.request();
        Transcript text = new Transcript();
        text.show(generation.text());
        if (!generation.isOfOtherNode()
                && kept.find(generation.id(), generation.facts().owner()).isEmpty()) {
            // Deleted meanwhile: the text may be the empty one that replaced it.
            errors.write(context, ErrorResponse.unknownGeneration());
            return;
        }
        Holding held = new Holding(
                memory,
                HeldBytes.Kind.TEXTS,
                AuthenticatedCaller.of(context).keyId(),
                context.request().connection());
        Optional<HeldBytes.Bound> refusal = held.resize(generation.text().capacity() + request.membersBytes());
        if (refusal.isPresent()) {
            errors.write(context, new GenerationException(refusal.get().failure()));
            return;
        }
        ResponseStatus status = outcome.map(how -> ended(context, how)).orElse(open);
        ResponseObject response = new ResponseObject(
                generation.id(), generation.facts().model(), generation.facts().createdSeconds(), request);
        ResponseOutput output =
                ResponseOutput.of(generation.id(), text, generation.text().parts());
        send(context, generation.id(), response.json(status, output)).onComplete(sent -> held.close());
    }

    private static ResponseStatus ended(RoutingContext context, AsyncResult<Finished> how) {
        return how.succeeded()
                ? ResponseStatus.of(how.result())
                : ResponseStatus.failed(FailedRequest.response(how.cause(), RequestId.of(context.request())));
    }

    private static Future<Void> send(RoutingContext context, String id, Buffer body) {
        if (context.response().closed()) {
            return Future.succeededFuture();
        }
        context.response().putHeader("X-Generation-Id", id).putHeader("Content-Type", "application/json");
        return HeadAwareResponse.end(context.request(), body);
    }
}
