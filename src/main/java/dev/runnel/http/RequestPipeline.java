package dev.runnel.http;

import dev.runnel.auth.Caller;
import dev.runnel.client.GenerationClient;
import dev.runnel.client.OtherNodes;
import dev.runnel.config.HttpConfig;
import dev.runnel.http.connection.ConnectionDeadlines;
import dev.runnel.http.connection.Connections;
import dev.runnel.http.connection.RequestDrainer;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.openai.AnswerShape;
import dev.runnel.http.openai.OpenAiParser;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.BodyReader;
import dev.runnel.http.request.ModelChoice;
import dev.runnel.http.request.RequestParser;
import dev.runnel.http.responses.ResponsesParser;
import dev.runnel.http.stream.FlushQueue;
import dev.runnel.http.stream.StreamSettings;
import dev.runnel.net.ContextLoop;
import dev.runnel.net.http1.EventBuffer;
import dev.runnel.resume.Guardian;
import dev.runnel.resume.KeptGenerations;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Wires what answers the requests of one verticle instance: the endpoints, what surrounds them, and the client of the
 * bus. Belongs to the instance's context.
 */
final class RequestPipeline implements Handler<HttpServerRequest> {

    private final Vertx vertx;
    private final HttpSetup setup;
    private final GenerationClient client;
    private final RevokedGenerations revoked;
    private final RequestLog log;
    private final Limits limits;
    private final ErrorWriter errors;
    private final Connections connections;
    private final BodyReader bodies;
    private final RequestLifecycle lifecycle;

    private RequestPipeline(Vertx vertx, HttpSetup setup, ConnectionDeadlines deadlines, GenerationClient client) {
        this.vertx = vertx;
        this.setup = setup;
        this.client = client;
        HttpConfig http = setup.http();
        AccessControl access = setup.access();
        this.log = new RequestLog(setup.log().access(), clock());
        this.errors = new ErrorWriter(
                new RequestDrainer(vertx, http.maxBodyBytes(), setup.requests()), setup.requests(), log::refused);
        this.limits = new Limits(access.limiter(), access.meters());
        this.revoked = new RevokedGenerations(vertx.getOrCreateContext(), access.revocations());
        this.bodies = new BodyReader(vertx, http.maxBodyBytes(), deadlines.body());
        this.connections = new Connections(
                vertx.getOrCreateContext(), setup.draining(), setup.requests(), setup.connectionAccount(), deadlines);
        Cors cors = new Cors(http.cors());
        Authentication authentication =
                new Authentication(access.authenticators().get(), access.plans(), limits, errors, this::authenticated);
        Routes routes = new Routes(errors, log, new RequestTrace(setup.tracing()), List.of(cors, authentication));
        this.lifecycle = new RequestLifecycle(
                routes.router(vertx, endpoints()), errors, connections, setup.compressors(), log, cors);
    }

    /**
     * Opens the pipeline of the calling verticle instance, on its context.
     *
     * @return a pipeline that must be closed
     */
    static Future<RequestPipeline> open(Vertx vertx, HttpSetup setup, ConnectionDeadlines deadlines) {
        OtherNodes.of(vertx).ifPresent(nodes -> nodes.countCopies(CopyMemory.of(setup.memory())));
        return GenerationClient.create(vertx, Settlements.patience(setup.generation()), setup.random())
                .compose(client -> Future.succeededFuture(client)
                        .map(made -> new RequestPipeline(vertx, setup, deadlines, made))
                        .recover(failure -> client.close().transform(closed -> Future.failedFuture(failure))))
                .onSuccess(opened -> opened.revoked.open());
    }

    /** What several endpoints have in common. */
    private record Shared(
            ModelChoice models,
            Guardian guardian,
            Readers readers,
            ResumableSubmission resumable,
            StreamedAnswers streamed,
            WholeAnswers whole,
            StreamSettings streams) {}

    /** The whole URL space of the service port. */
    List<Endpoint> endpoints() {
        Shared shared = shared();
        List<Endpoint> api = Stream.of(generations(shared), openAi(shared), responses(shared))
                .flatMap(List::stream)
                .toList();
        return setup.http().playground() ? withPlayground(api) : api;
    }

    private Shared shared() {
        StreamSettings streams = streams();
        KeptGenerations kept = setup.kept();
        Guardian guardian = new Guardian(vertx, client, setup.resume(), kept, setup.memory(), revoked::followResumable);
        Readers readers = new Readers(guardian, revoked, setup.resume().readers());
        Submission submission =
                new Submission(limits, client, revoked, setup.access().settlements(), bodies::isDraining);
        ResumableSubmission resumable = new ResumableSubmission(
                vertx, kept, guardian, submission, readers, ResumableSubmission.WAIT, setup.clock());
        return new Shared(
                new ModelChoice(setup.models()),
                guardian,
                readers,
                resumable,
                new StreamedAnswers(vertx, submission, resumable, streams, setup.clock()),
                new WholeAnswers(submission, resumable, limits, errors, setup.memory(), setup.clock()),
                streams);
    }

    private List<Endpoint> generations(Shared shared) {
        KeptGenerations kept = setup.kept();
        RequestValidator validator = new RequestValidator(
                bodies, new RequestParser(setup.generation())::parse, shared.models(), setup.memory(), limits);
        return List.of(
                new StreamHandler(validator, shared.streamed(), errors).endpoint(),
                new GenerateHandler(validator, shared.whole(), errors).endpoint(),
                new ResumeHandler(vertx, shared.readers(), kept, client, shared.streams(), errors).endpoint(),
                new StateHandler(kept, client, shared.guardian(), errors, setup.memory()).endpoint(),
                new DeleteHandler(kept, client, shared.guardian(), errors).endpoint("/v1/generate/:id", ErrorForm.JSON),
                new UsageHandler(limits, errors).endpoint(),
                DescriptionHandler.endpoint());
    }

    private List<Endpoint> openAi(Shared shared) {
        ModelsHandler models = new ModelsHandler(shared.models(), errors);
        return List.of(
                openAi(shared, AnswerShape.CHAT, Family.CHAT),
                openAi(shared, AnswerShape.TEXT, Family.COMPLETIONS),
                models.list(),
                models.one());
    }

    private Endpoint openAi(Shared shared, AnswerShape shape, Family family) {
        OpenAiParser parser = new OpenAiParser(family, shared.models()::passThrough);
        RequestValidator validator =
                new RequestValidator(bodies, parser::parse, shared.models(), setup.memory(), limits);
        return new OpenAiHandler(shape, validator, shared.streamed(), shared.whole(), errors).endpoint();
    }

    private List<Endpoint> responses(Shared shared) {
        KeptGenerations kept = setup.kept();
        ResponsesParser parser = new ResponsesParser(setup.resume().retention(), shared.models()::passThrough);
        RequestValidator validator = new RequestValidator(
                bodies, new ResponseRequests(parser, kept)::read, shared.models(), setup.memory(), limits);
        ResponseStates states = new ResponseStates(kept, client, errors, setup.memory());
        KnownResponses known = new KnownResponses(kept, client);
        return List.of(
                new ResponsesHandler(
                                validator, shared.streamed(), shared.whole(), shared.resumable(), kept, states, errors)
                        .endpoint(),
                new ResponseByIdHandler(
                                vertx, known, shared.guardian(), shared.readers(), states, shared.streams(), errors)
                        .endpoint(),
                new CancelResponseHandler(vertx, known, client, shared.guardian(), states, errors).endpoint(),
                new DeleteHandler(kept, client, shared.guardian(), errors)
                        .endpoint("/v1/responses/:id", ErrorForm.OPENAI));
    }

    private List<Endpoint> withPlayground(List<Endpoint> api) {
        PlaygroundHandler playground = new PlaygroundHandler(errors);
        return Stream.concat(api.stream(), Stream.of(playground.page(), playground.file()))
                .toList();
    }

    private StreamSettings streams() {
        return new StreamSettings(
                setup.http().heartbeat(),
                setup.http().stall(),
                setup.meters(),
                setup.compressors(),
                clock(),
                new EventBuffer(),
                new FlushQueue(vertx.getOrCreateContext()),
                setup.memory());
    }

    private LongSupplier clock() {
        return ContextLoop.current(vertx).clock();
    }

    /** The key of a request is valid, though perhaps not its plan. */
    private void authenticated(HttpServerRequest request, Caller caller) {
        log.authenticated(request, caller.keyId());
        connections.authenticated(request.connection());
    }

    /** A server is about to listen, which was made with these options. */
    void listens(HttpServerOptions server) {
        connections.countAccepted(setup.accepted(), server);
    }

    void connected(HttpConnection connection) {
        lifecycle.connected(connection);
    }

    @Override
    public void handle(HttpServerRequest request) {
        lifecycle.request(request);
    }

    void undecodable(HttpServerRequest request) {
        lifecycle.undecodable(request);
    }

    /**
     * Refuses new generations and closes connections after the answers to their requests.
     *
     * @return completes when every earlier request is answered, to the last byte
     */
    Future<Void> drain() {
        bodies.drain();
        return connections.drain();
    }

    /** Ends the generations that run on other nodes; returns how many. */
    int cut() {
        return client.cut();
    }

    /** Drops the connections that {@link #drain} still waits for; returns how many. */
    int abort() {
        return connections.abort();
    }

    /** Cancels what still runs. What is not settled by then is charged its full reservation. */
    Future<Void> close() {
        revoked.close();
        return client.close();
    }
}
