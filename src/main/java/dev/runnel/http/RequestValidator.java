package dev.runnel.http;

import dev.runnel.auth.Caller;
import dev.runnel.client.GenerationRequest;
import dev.runnel.config.Allowance;
import dev.runnel.http.connection.RequestId;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.BodyReader;
import dev.runnel.http.request.ContentType;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.http.request.ModelChoice;
import dev.runnel.http.request.RequestField;
import dev.runnel.http.request.RequestFingerprint;
import dev.runnel.http.request.ResumeHeaders;
import dev.runnel.limit.Demand;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.Holding;
import dev.runnel.message.ModelState;
import dev.runnel.message.Origin;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Quote;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Validates a request for a generation: the first step of each POST route. The parser is the route's own. */
final class RequestValidator {

    /** A member of a request whose length is left to the model's server: {@code Options.OPEN_LENGTH}. */
    private static final String OPEN_LENGTH = "\"open_length\":true";

    /** Families whose requests are conversations only. */
    private static final Set<Family> CONVERSATIONS = EnumSet.of(Family.CHAT, Family.RESPONSES);

    private final BodyReader bodies;
    private final Parser parser;
    private final ModelChoice models;
    private final HeldBytes memory;
    private final Limits limits;

    /** Reads a body. */
    @FunctionalInterface
    interface Parser {

        /**
         * Reads it.
         *
         * @throws RefusedException where it breaks a rule
         */
        GenerateRequest parse(Caller caller, Buffer body);
    }

    /** @param parser reads a body, or throws a {@link RefusedException} */
    RequestValidator(
            BodyReader bodies,
            Function<Buffer, GenerateRequest> parser,
            ModelChoice models,
            HeldBytes memory,
            Limits limits) {
        this(bodies, (caller, body) -> parser.apply(body), models, memory, limits);
    }

    RequestValidator(BodyReader bodies, Parser parser, ModelChoice models, HeldBytes memory, Limits limits) {
        this.bodies = bodies;
        this.parser = parser;
        this.models = models;
        this.memory = memory;
        this.limits = limits;
    }

    /**
     * A request that may be submitted.
     *
     * @param demand the most that it may use
     * @param request what the client asked for
     * @param body what the turns hold until the generation has ended
     * @param resume of a resumable request
     * @param fingerprint names what a resumable request asks for; else empty
     */
    record ValidatedRequest(
            RoutingContext context,
            AuthenticatedCaller caller,
            GenerationRequest generation,
            Demand demand,
            GenerateRequest request,
            Holding body,
            Optional<ResumeHeaders> resume,
            String fingerprint) {}

    /**
     * Validates all that needs no engine: headers, body, model, the plan's bounds, in this order. The memory of the
     * body is given back if this fails, else by {@link Submission}.
     *
     * @return fails with a {@link RefusedException} or {@link dev.runnel.text.GenerationException}, or with the
     *     connection's own exception where the client is gone
     */
    Future<ValidatedRequest> validate(RoutingContext context) {
        return read(context)
                .compose(valid -> valid.resume().isPresent()
                        // It may attach to a generation that was admitted before.
                        ? limits.addHeaders(context).transform(added -> Future.succeededFuture(valid))
                        : Future.succeededFuture(valid))
                .recover(refusal -> limits.refused(context, refusal));
    }

    private Future<ValidatedRequest> read(RoutingContext context) {
        HttpServerRequest request = context.request();
        AuthenticatedCaller caller = AuthenticatedCaller.of(context);
        Optional<ErrorResponse> refusal = refusal(request);
        if (refusal.isPresent()) {
            return Future.failedFuture(new RefusedException(refusal.get()));
        }
        Optional<ResumeHeaders> resume;
        try {
            resume = ResumeHeaders.of(request);
        } catch (RefusedException e) {
            return Future.failedFuture(e);
        }
        Holding held = new Holding(memory, HeldBytes.Kind.BODIES, caller.keyId(), request.connection());
        // During a drain a client may still attach to a generation that runs.
        return bodies.read(request, held, resume.isPresent())
                .map(body -> parser.parse(caller.caller(), body))
                .map(body -> validated(context, caller, body, held, resumed(body, resume)))
                .onFailure(refused -> held.close());
    }

    /** A background response is resumable without an idempotency key too. */
    private static Optional<ResumeHeaders> resumed(GenerateRequest body, Optional<ResumeHeaders> headers) {
        return headers.isEmpty() && body.answer().isBackground() ? Optional.of(ResumeHeaders.WITHOUT_KEY) : headers;
    }

    private static Optional<ErrorResponse> refusal(HttpServerRequest request) {
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return Optional.of(ErrorResponse.unsupportedMediaType(
                    "Content-Encoding: not supported (expected: a body that is not compressed)"));
        }
        String type = request.getHeader("Content-Type");
        if (type == null || !ContentType.isJson(type)) {
            return Optional.of(ErrorResponse.unsupportedMediaType("Content-Type: " + shown(type)
                    + " (expected: application/json, without a charset or with charset=utf-8)"));
        }
        return Optional.empty();
    }

    private static String shown(@Nullable String header) {
        return header == null ? "missing" : Quote.cut(header);
    }

    private ValidatedRequest validated(
            RoutingContext context,
            AuthenticatedCaller caller,
            GenerateRequest body,
            Holding held,
            Optional<ResumeHeaders> resume) {
        HttpServerRequest request = context.request();
        ModelState model = models.choose(body.model(), caller.allowance());
        refuseMessages(body, model);
        long promptBytes = body.promptBytes();
        boolean isOpen = body.maxTokens() == 0 && model.answerTokens() == 0;
        holdContents(body, held);
        int maxTokens = maxTokens(body, model, caller.allowance(), promptBytes);
        GenerationRequest generation = new GenerationRequest(
                model.name(),
                body.turns(),
                body.sampling(),
                maxTokens,
                body.maxTokensIsDefault(),
                isOpen ? withOpenLength(body.options()) : body.options(),
                new Origin(
                        caller.caller().subject(),
                        caller.keyId(),
                        RequestId.of(request),
                        RequestTrace.of(context),
                        caller.caller().owner(),
                        caller.share()));
        return new ValidatedRequest(
                context,
                caller,
                generation,
                new Demand(promptBytes, maxTokens),
                body,
                held,
                resume,
                resume.isPresent() ? RequestFingerprint.of(body) : "");
    }

    /** Of the body only the contents, the options, and what answers repeat are kept. */
    private static void holdContents(GenerateRequest body, Holding held) {
        long kept = body.promptBytes() + body.optionsBytes() + body.kept().membersBytes();
        // More than the body, if the request continues a conversation.
        long bytes = body.kept().isKept() ? kept : Math.min(held.bytes(), kept);
        held.resize(bytes).ifPresent(bound -> {
            throw new GenerationException(bound.failure());
        });
    }

    /** @param options an object with at least one member, as the parsers make it; or empty */
    private static String withOpenLength(String options) {
        return options.isEmpty() ? "{" + OPEN_LENGTH + "}" : "{" + OPEN_LENGTH + "," + options.substring(1);
    }

    private static void refuseMessages(GenerateRequest body, ModelState model) {
        String field = body.turnsField();
        if (!model.hasTemplate() && CONVERSATIONS.contains(body.answer().family())) {
            throw new RefusedException(ErrorResponse.invalid(
                    "model", "model: " + model.name() + " has no chat template (expected: a model for conversations)"));
        }
        if (!model.hasTemplate() && !field.equals(RequestField.PROMPT.wireName())) {
            throw new RefusedException(ErrorResponse.invalid(
                    field,
                    field + ": given for the model " + model.name()
                            + ", which has no chat template (expected: prompt)"));
        }
    }

    /** What may be lowered is: to the model's, the plan's and the tokens of a minute. */
    private static int maxTokens(GenerateRequest body, ModelState model, Allowance allowance, long promptBytes) {
        if (body.maxTokensIsDefault()) {
            int ofModel = model.answerTokens() == 0 ? model.maxTokens() : model.answerTokens();
            int wanted = Math.min(body.maxTokens() == 0 ? ofModel : body.maxTokens(), model.maxTokens());
            return Demand.defaultMaxTokens(allowance, promptBytes, wanted);
        }
        int most = allowance.maxTokens().orElse(Integer.MAX_VALUE);
        if (body.maxTokens() > most) {
            throw new RefusedException(ErrorResponse.forbidden(
                    "maxTokens",
                    "maxTokens: " + body.maxTokens() + " (expected: at most " + most + " with this API key)"));
        }
        return body.maxTokens();
    }
}
