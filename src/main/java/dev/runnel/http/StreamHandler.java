package dev.runnel.http;

import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.stream.NativeFormat;
import dev.runnel.http.stream.SseStream;
import dev.runnel.http.stream.StreamSettings;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

/** {@code POST /v1/generate/stream}. */
final class StreamHandler implements Handler<RoutingContext> {

    private final Vertx vertx;
    private final RequestValidator intake;
    private final Submission submission;
    private final StreamSettings settings;
    private final ErrorWriter errors;

    StreamHandler(
            Vertx vertx, RequestValidator intake, Submission submission, StreamSettings settings, ErrorWriter errors) {
        this.vertx = vertx;
        this.intake = intake;
        this.submission = submission;
        this.settings = settings;
        this.errors = errors;
    }

    @Override
    public void handle(RoutingContext context) {
        intake.take(context)
                .compose(order -> {
                    SseStream stream = new SseStream(
                            vertx, context.request(), settings, id -> new NativeFormat(id, order.includeText()));
                    stream.start();
                    return submission.submit(order).onSuccess(stream::accepted).onFailure(refusal -> stream.refused());
                })
                .onFailure(refusal -> errors.write(context.request(), refusal));
    }
}
