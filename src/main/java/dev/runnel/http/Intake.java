package dev.runnel.http;

import dev.runnel.auth.Caller;
import dev.runnel.auth.Scope;
import dev.runnel.message.ClientGeneration;
import dev.runnel.message.GenerationClient;
import dev.runnel.message.GenerationRequest;
import dev.runnel.message.ModelState;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.Turn;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What both POST routes do before text can come: check a request, and submit it. */
final class Intake {

    private static final Pattern CONTENT_TYPE = Pattern.compile(
            "application/json\\s*(;\\s*(?!charset\\b)[^;=\\s]+=[^;]*)*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?;?\\s*",
            Pattern.CASE_INSENSITIVE);
    /** W3C Trace Context, section 3.2. */
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private final BodyReader bodies;
    private final RequestParser parser;
    private final Supplier<List<ModelState>> models;
    private final GenerationClient client;

    Intake(BodyReader bodies, RequestParser parser, Supplier<List<ModelState>> models, GenerationClient client) {
        this.bodies = bodies;
        this.parser = parser;
        this.models = models;
        this.client = client;
    }

    /**
     * A request that may be submitted.
     *
     * @param model the name of the model that will run it
     */
    record Order(
            GenerateRequest request,
            String model,
            Caller caller,
            String requestId,
            @Nullable String traceparent) {}

    /**
     * Checks everything that can be checked without the engine: key, headers, body, model, in this order.
     *
     * @return fails with a {@link RefusedException} or {@link dev.runnel.text.GenerationException}, or with the connection's
     *     own exception where the client is gone
     */
    Future<Order> take(RoutingContext context) {
        HttpServerRequest request = context.request();
        Caller caller = Authentication.caller(context);
        Optional<ErrorAnswer> refusal = refusal(request, caller);
        if (refusal.isPresent()) {
            return Future.failedFuture(new RefusedException(refusal.get()));
        }
        return bodies.read(request).map(parser::parse).map(body -> order(request, caller, body));
    }

    private static Optional<ErrorAnswer> refusal(HttpServerRequest request, Caller caller) {
        if (!caller.may(Scope.GENERATE)) {
            return Optional.of(
                    ErrorAnswer.forbidden("this API key may not generate (its scope: " + scopes(caller) + ")"));
        }
        if (request.headers().contains("Idempotency-Key")) {
            return Optional.of(ErrorAnswer.idempotencyNotSupported());
        }
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return Optional.of(ErrorAnswer.unsupportedMediaType(
                    "Content-Encoding: not supported (expected: a body that is not compressed)"));
        }
        String type = request.getHeader("Content-Type");
        if (type == null || !CONTENT_TYPE.matcher(type.strip()).matches()) {
            return Optional.of(ErrorAnswer.unsupportedMediaType("Content-Type: " + shown(type)
                    + " (expected: application/json, without a charset or with charset=utf-8)"));
        }
        return Optional.empty();
    }

    private static String scopes(Caller caller) {
        return caller.scopes().isEmpty()
                ? "nothing"
                : String.join(
                        " ",
                        caller.scopes().stream().map(Scope::claimName).sorted().toList());
    }

    private static String shown(@Nullable String header) {
        return header == null ? "missing" : FieldReader.cut(header);
    }

    private Order order(HttpServerRequest request, Caller caller, GenerateRequest body) {
        String trace = request.getHeader("traceparent");
        boolean hasTrace = trace != null && TRACEPARENT.matcher(trace).matches();
        return new Order(body, model(body.model()), caller, RequestId.of(request), hasTrace ? trace : null);
    }

    private String model(@Nullable String wanted) {
        ModelState model = models.get().stream()
                .filter(known ->
                        wanted == null ? known.isDefault() : known.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new RefusedException(ErrorAnswer.of(unknown(wanted))));
        if (!model.available()) {
            throw new RefusedException(ErrorAnswer.of(Failure.of(
                    FailureCode.MODEL_UNAVAILABLE,
                    "model: " + model.name() + " is not available now (try again soon)")));
        }
        return model.name();
    }

    private static Failure unknown(@Nullable String wanted) {
        String shown = wanted == null ? "no default model" : '"' + FieldReader.cut(wanted) + '"';
        return Failure.of(
                FailureCode.UNKNOWN_MODEL, "model: " + shown + " (expected: a name that GET /v1/models lists)");
    }

    /** Asks the generators. */
    Future<ClientGeneration> submit(Order order) {
        GenerateRequest body = order.request();
        return client.submit(new GenerationRequest(
                order.model(),
                List.of(Turn.user(body.prompt())),
                body.sampling(),
                body.maxTokens(),
                body.maxTokensIsDefault(),
                order.caller().subject(),
                order.caller().keyId(),
                order.requestId(),
                order.traceparent()));
    }
}
