package dev.runnel.http.error;

import dev.runnel.http.connection.RequestDrainer;
import dev.runnel.http.connection.RequestId;
import dev.runnel.metric.RequestMeters;
import dev.runnel.metric.RequestMeters.Refusal;
import dev.runnel.net.http1.ClientChannel;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.util.Objects;
import java.util.function.BiConsumer;

/** Answers requests that are refused or fail, as long as no status has gone out. */
public final class ErrorWriter {

    private static final String NO_CODE = "";

    private final RequestDrainer unreadBody;
    private final RequestMeters meters;
    private final BiConsumer<HttpServerRequest, ErrorResponse> log;
    private final String streamPath;

    /**
     * @param log receives each error before it is written
     * @param streamPath the path whose refusals are events of a stream
     */
    public ErrorWriter(
            RequestDrainer unreadBody,
            RequestMeters meters,
            BiConsumer<HttpServerRequest, ErrorResponse> log,
            String streamPath) {
        this.unreadBody = unreadBody;
        this.meters = meters;
        this.log = log;
        this.streamPath = streamPath;
        for (ErrorType type : ErrorType.values()) {
            meters.expect(new Refusal(type.wireName(), NO_CODE));
            type.codes().forEach(code -> meters.expect(new Refusal(type.wireName(), code)));
        }
    }

    public void write(HttpServerRequest request, Throwable cause) {
        boolean clientIsGone = cause instanceof HttpClosedException || cause instanceof StreamResetException;
        if (!clientIsGone) {
            write(request, ErrorResponse.of(cause, RequestId.of(request)));
        }
    }

    public void write(HttpServerRequest request, ErrorResponse answer) {
        if (canAnswer(request)) {
            count(answer);
            send(request, answer);
        }
    }

    /** For a generation that was accepted: it counts as one that failed, not as a refusal. */
    public void writeFailure(HttpServerRequest request, Throwable cause) {
        if (canAnswer(request)) {
            send(request, ErrorResponse.of(cause, RequestId.of(request)));
        }
    }

    /** For who writes a refusal without this. */
    public void count(ErrorResponse answer) {
        meters.refused(new Refusal(answer.type().wireName(), Objects.requireNonNullElse(answer.code(), NO_CODE)));
    }

    private static boolean canAnswer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        return !response.ended() && !response.closed() && !response.headWritten();
    }

    private void send(HttpServerRequest request, ErrorResponse answer) {
        HttpServerResponse response = request.response();
        log.accept(request, answer);
        response.setStatusCode(answer.status());
        if (answer.retryAfterSeconds() > 0) {
            response.putHeader("Retry-After", Integer.toString(answer.retryAfterSeconds()));
        }
        if (answer.type() == ErrorType.AUTHENTICATION) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        boolean closes = unreadBody.mustClose(request);
        if (closes && request.version() != HttpVersion.HTTP_2) {
            response.putHeader("Connection", "close");
            ClientChannel.of(request.connection()).announceEnd();
        }
        HeadAwareResponse.end(request, body(request, answer)).onComplete(done -> unreadBody.discard(request, closes));
    }

    private Buffer body(HttpServerRequest request, ErrorResponse answer) {
        boolean isStream = request.method().equals(HttpMethod.POST) && streamPath.equals(request.path());
        if (isStream && !AcceptHeader.of(request.headers().getAll("Accept")).prefersJson()) {
            request.response().putHeader("Content-Type", "text/event-stream; charset=utf-8");
            return answer.event();
        }
        request.response().putHeader("Content-Type", "application/json");
        return answer.json();
    }
}
