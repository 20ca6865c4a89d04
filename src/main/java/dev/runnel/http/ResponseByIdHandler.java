package dev.runnel.http;

import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.responses.EventNumbers;
import dev.runnel.http.responses.ResponseEvents;
import dev.runnel.http.responses.ResponseObject;
import dev.runnel.http.stream.ResumedReader;
import dev.runnel.http.stream.SseStream;
import dev.runnel.http.stream.StreamMemory;
import dev.runnel.http.stream.StreamSettings;
import dev.runnel.resume.AttachException;
import dev.runnel.resume.Attachment;
import dev.runnel.resume.Guardian;
import dev.runnel.resume.KeptGeneration;
import dev.runnel.text.Quote;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.OptionalLong;

/** Answers with the state of a kept response, or streams its events from any one on. */
final class ResponseByIdHandler {

    private static final String STREAM = "stream";
    private static final String STARTING_AFTER = "starting_after";
    private static final String NUMBER_RULE = " (expected: the sequence_number of an event of this response)";
    /** Any number of so many digits is a {@code long}. */
    private static final int MAX_DIGITS = 18;

    private final Vertx vertx;
    private final KnownResponses responses;
    private final Guardian guardian;
    private final Readers readers;
    private final ResponseStates states;
    private final StreamSettings settings;
    private final ErrorWriter errors;

    ResponseByIdHandler(
            Vertx vertx,
            KnownResponses responses,
            Guardian guardian,
            Readers readers,
            ResponseStates states,
            StreamSettings settings,
            ErrorWriter errors) {
        this.vertx = vertx;
        this.responses = responses;
        this.guardian = guardian;
        this.readers = readers;
        this.states = states;
        this.settings = settings;
        this.errors = errors;
    }

    Endpoint endpoint() {
        return Endpoint.observe("/v1/responses/:id", ErrorForm.OPENAI, this::handle);
    }

    private void handle(RoutingContext context) {
        Future.<Void>succeededFuture()
                .compose(start -> answer(context))
                .onFailure(refusal -> errors.write(context, refusal));
    }

    private Future<Void> answer(RoutingContext context) {
        boolean isStreamed = isStreamed(context);
        long received = startingAfter(context);
        return responses
                .find(context)
                .compose(response -> isStreamed ? stream(context, response, received) : state(context, response));
    }

    /**
     * A client that polls is one that reads for a moment: the grace time starts again. A response that has as many
     * readers as it may have needs no further one.
     */
    private Future<Void> state(RoutingContext context, KeptGeneration response) {
        Future<Void> visit = response.outcome().isEmpty()
                ? guardian.attach(response).onSuccess(Attachment::leave).mapEmpty()
                : Future.succeededFuture();
        return visit.otherwiseEmpty().onSuccess(visited -> states.send(context, response));
    }

    private Future<Void> stream(RoutingContext context, KeptGeneration response, long received) {
        HttpServerRequest request = context.request();
        OptionalLong position = EventNumbers.position(response.text(), response.outcome(), received);
        if (position.isEmpty()) {
            return Future.failedFuture(new RefusedException(
                    ErrorResponse.invalid(STARTING_AFTER, STARTING_AFTER + ": " + received + NUMBER_RULE)));
        }
        if (request.method().equals(HttpMethod.HEAD)) {
            return request.response()
                    .putHeader("X-Generation-Id", response.id())
                    .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                    .end();
        }
        String keyId = AuthenticatedCaller.of(context).keyId();
        ResponseObject object = new ResponseObject(
                response.id(), response.facts().model(), response.facts().createdSeconds(), response.request());
        SseStream stream = new SseStream(
                vertx,
                request,
                settings,
                id -> new ResponseEvents(object, true, received),
                StreamMemory.open(settings.memory(), keyId, request.connection()));
        stream.start();
        return readers.attach(response, keyId, position.getAsLong())
                .recover(ResponseByIdHandler::unknown)
                .onSuccess(stream::attached)
                .onFailure(refusal -> stream.refused())
                .mapEmpty();
    }

    private static Future<ResumedReader> unknown(Throwable failure) {
        return Future.failedFuture(
                failure instanceof AttachException ? new RefusedException(ErrorResponse.unknownGeneration()) : failure);
    }

    private static boolean isStreamed(RoutingContext context) {
        List<String> values = context.queryParam(STREAM);
        if (values.isEmpty()) {
            return false;
        }
        if (values.size() > 1 || !List.of("true", "false").contains(values.get(0))) {
            throw new RefusedException(
                    ErrorResponse.invalid(STREAM, STREAM + ": not accepted (expected: true or false, once)"));
        }
        return values.get(0).equals("true");
    }

    private static long startingAfter(RoutingContext context) {
        List<String> values = context.queryParam(STARTING_AFTER);
        if (values.isEmpty()) {
            return ResponseEvents.NONE;
        }
        String value = values.get(0);
        boolean isNumber = !value.isEmpty()
                && value.length() <= MAX_DIGITS
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (values.size() > 1 || !isNumber) {
            throw new RefusedException(ErrorResponse.invalid(
                    STARTING_AFTER, STARTING_AFTER + ": " + Quote.cut(String.join(", ", values)) + NUMBER_RULE));
        }
        return Long.parseLong(value);
    }
}
