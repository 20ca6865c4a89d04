package dev.runnel.http;

import dev.runnel.client.GenerationClient;
import dev.runnel.config.CorsConfig;
import dev.runnel.config.HttpConfig;
import dev.runnel.http.connection.ConnectionDeadlines;
import dev.runnel.http.connection.Connections;
import dev.runnel.http.connection.RequestDrainer;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.request.BodyReader;
import dev.runnel.http.request.ModelChoice;
import dev.runnel.http.request.RequestParser;
import dev.runnel.http.stream.FlushQueue;
import dev.runnel.http.stream.StreamSettings;
import dev.runnel.net.http1.EventBuffer;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Wires what answers the requests of one verticle instance: the endpoints, what surrounds them, and the client of the
 * bus. Belongs to the instance's context.
 */
final class RequestPipeline implements Handler<HttpServerRequest> {

    private final Vertx vertx;
    private final HttpSetup setup;
    private final GenerationClient client;
    private final RevokedStreams revoked;
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
        RequestLog log = new RequestLog(setup.log().access(), System::nanoTime);
        this.errors = new ErrorWriter(new RequestDrainer(vertx, http.maxBodyBytes()), setup.requests(), log::refused);
        this.limits = new Limits(access.limiter(), access.meters());
        this.revoked = RevokedStreams.open(vertx, access.revocations());
        this.bodies = new BodyReader(vertx, http.maxBodyBytes(), deadlines.body());
        this.connections = new Connections(setup.draining(), setup.requests(), setup.connections());
        Authentication authentication =
                new Authentication(access.authenticators().get(), access.plans(), limits, errors, log);
        Routes routes = new Routes(errors, log, new RequestTrace(setup.tracing()), admission(authentication));
        this.lifecycle = new RequestLifecycle(
                routes.router(vertx, endpoints()),
                errors,
                connections,
                setup.compressors(),
                log,
                deadlines.nextRequest());
    }

    /** Opens the pipeline of the calling verticle instance, on its context. */
    static Future<RequestPipeline> open(Vertx vertx, HttpSetup setup, ConnectionDeadlines deadlines) {
        return GenerationClient.create(vertx, Settlements.patience(setup.generation()))
                .map(client -> new RequestPipeline(vertx, setup, deadlines, client));
    }

    /** The whole URL space of the service port. */
    private List<Endpoint> endpoints() {
        ModelChoice models = new ModelChoice(setup.models());
        RequestValidator validator =
                new RequestValidator(bodies, new RequestParser(setup.generation()), models, setup.memory());
        Submission submission =
                new Submission(limits, client, revoked, setup.access().settlements());
        return List.of(
                new StreamHandler(vertx, validator, submission, streams(), errors).endpoint(),
                new GenerateHandler(validator, submission, limits, errors, setup.memory()).endpoint(),
                new ModelsHandler(models).endpoint(),
                new UsageHandler(limits, errors).endpoint());
    }

    private StreamSettings streams() {
        return new StreamSettings(
                setup.http().heartbeat(),
                setup.http().stall(),
                setup.meters(),
                setup.compressors(),
                System::nanoTime,
                new EventBuffer(),
                new FlushQueue(vertx.getOrCreateContext()),
                setup.memory());
    }

    /** What receives a request under {@code /v1} before its endpoint does. */
    private List<Handler<RoutingContext>> admission(Authentication authentication) {
        CorsConfig cors = setup.http().cors();
        return cors.isOn()
                ? List.of(new Cors(cors), authentication, this::authenticated)
                : List.of(authentication, this::authenticated);
    }

    /** Receives a request whose key is valid. */
    private void authenticated(RoutingContext context) {
        connections.authenticated(context.request().connection());
        context.next();
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
