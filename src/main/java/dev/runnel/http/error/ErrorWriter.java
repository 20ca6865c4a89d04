package dev.runnel.http.error;

import dev.runnel.http.connection.HeadAwareResponse;
import dev.runnel.http.connection.RequestDrainer;
import dev.runnel.http.connection.RequestId;
import dev.runnel.metric.RequestMeters;
import dev.runnel.metric.RequestMeters.Refusal;
import dev.runnel.net.http1.ClientChannel;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.function.BiConsumer;

/** Answers requests that are refused or fail, as long as no status is sent. */
public final class ErrorWriter {

    private static final String NO_CODE = "";
    private static final String JSON = "application/json";
    private static final String JSON_UTF_8 = "application/json; charset=utf-8";
    private static final String EVENTS = "text/event-stream; charset=utf-8";

    private final RequestDrainer unreadBody;
    private final RequestMeters meters;
    private final BiConsumer<HttpServerRequest, ErrorResponse> log;

    /** @param log receives each error before it is written */
    public ErrorWriter(
            RequestDrainer unreadBody, RequestMeters meters, BiConsumer<HttpServerRequest, ErrorResponse> log) {
        this.unreadBody = unreadBody;
        this.meters = meters;
        this.log = log;
        for (ErrorType type : ErrorType.values()) {
            meters.expect(new Refusal(type.wireName(), NO_CODE));
            type.codes().forEach(code -> meters.expect(new Refusal(type.wireName(), code)));
        }
    }

    /** Refuses a request. Does nothing where the cause is that the client is gone. */
    public void write(RoutingContext context, Throwable cause) {
        refuse(context.request(), ErrorForm.of(context), cause);
    }

    /** Refuses a request. */
    public void write(RoutingContext context, ErrorResponse answer) {
        refuse(context.request(), ErrorForm.of(context), answer);
    }

    /** Refuses a request that no route received. */
    public void write(HttpServerRequest request, Throwable cause) {
        refuse(request, ErrorForm.JSON, cause);
    }

    /** Answers for a generation that was accepted and failed: it does not count as a refusal. */
    public void writeFailure(RoutingContext context, Throwable cause) {
        HttpServerRequest request = context.request();
        if (canAnswer(request)) {
            send(request, ErrorForm.of(context), FailedRequest.response(cause, RequestId.of(request)));
        }
    }

    /** Counts a refusal that the caller writes itself. */
    public void count(ErrorResponse answer) {
        meters.refused(new Refusal(answer.type().wireName(), Objects.requireNonNullElse(answer.code(), NO_CODE)));
    }

    private void refuse(HttpServerRequest request, ErrorForm form, Throwable cause) {
        boolean clientIsGone = cause instanceof HttpClosedException || cause instanceof StreamResetException;
        if (!clientIsGone) {
            refuse(request, form, FailedRequest.response(cause, RequestId.of(request)));
        }
    }

    private void refuse(HttpServerRequest request, ErrorForm form, ErrorResponse answer) {
        if (canAnswer(request)) {
            count(answer);
            send(request, form, answer);
        }
    }

    private static boolean canAnswer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        return !response.ended() && !response.closed() && !response.headWritten();
    }

    private void send(HttpServerRequest request, ErrorForm form, ErrorResponse answer) {
        HttpServerResponse response = request.response();
        log.accept(request, answer);
        response.setStatusCode(answer.status());
        if (answer.retryAfterSeconds() > 0) {
            response.putHeader("Retry-After", Integer.toString(answer.retryAfterSeconds()));
        }
        if (answer.type() == ErrorType.AUTHENTICATION) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        if (form == ErrorForm.OPENAI && OpenAiError.forbidsRetry(answer)) {
            response.putHeader("x-should-retry", "false");
        }
        boolean closes = unreadBody.mustClose(request);
        if (closes && request.version() != HttpVersion.HTTP_2) {
            response.putHeader("Connection", "close");
            ClientChannel.of(request.connection()).announceEnd();
        }
        HeadAwareResponse.end(request, body(request, form, answer))
                .onComplete(done -> unreadBody.discard(request, closes));
    }

    private static Buffer body(HttpServerRequest request, ErrorForm form, ErrorResponse answer) {
        boolean isEvent = form == ErrorForm.EVENT
                && !AcceptHeader.of(request.headers().getAll("Accept")).prefersJson();
        request.response().putHeader("Content-Type", isEvent ? EVENTS : form == ErrorForm.OPENAI ? JSON_UTF_8 : JSON);
        if (form == ErrorForm.OPENAI) {
            return OpenAiError.json(answer);
        }
        return isEvent ? answer.event() : answer.json();
    }
}
