package dev.runnel.http;

import dev.runnel.client.GenerationClient;
import dev.runnel.config.HttpConfig;
import dev.runnel.http.connection.ConnectionDeadlines;
import dev.runnel.http.connection.Connections;
import dev.runnel.http.connection.ListenException;
import dev.runnel.http.connection.RequestDrainer;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.request.BodyReader;
import dev.runnel.http.request.ModelChoice;
import dev.runnel.http.request.RequestParser;
import dev.runnel.http.stream.FlushQueue;
import dev.runnel.http.stream.StreamSettings;
import dev.runnel.net.http1.ContentCodings;
import dev.runnel.net.http1.EventBuffer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Binds the service port and unbinds it. Any number of instances share the port, port 0 too. */
public final class HttpVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(HttpVerticle.class);

    private static final int MAX_REQUEST_LINE_BYTES = 4096;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final Duration ACCOUNT_MARGIN = Duration.ofSeconds(5);
    private static final Duration LAST_REFUSALS = Duration.ofSeconds(1);
    /** Any; tells Vert.x which servers share a random port. */
    private static final int SHARED_PORT = 1;

    private final HttpSetup setup;
    private final ConnectionDeadlines deadlines;
    private final Connections connections;
    private @Nullable BodyReader bodies;
    private @Nullable GenerationClient client;
    private @Nullable Settlements generations;
    private @Nullable HttpServer server;

    public HttpVerticle(HttpSetup setup) {
        this(setup, ConnectionDeadlines.DEFAULT);
    }

    HttpVerticle(HttpSetup setup, ConnectionDeadlines deadlines) {
        this.setup = setup;
        this.deadlines = deadlines;
        this.connections = new Connections(setup.draining(), setup.requests());
    }

    /** The port that is bound, from when the verticle is deployed; the same for all instances. */
    public int actualPort() {
        HttpServer bound = server;
        if (bound == null) {
            throw new IllegalStateException("not deployed");
        }
        return bound.actualPort();
    }

    @Override
    public Future<?> start() {
        return GenerationClient.create(vertx)
                .onSuccess(own -> client = own)
                .compose(own -> Settlements.open(vertx, setup.access(), patience())
                        .onSuccess(open -> generations = open)
                        .compose(open -> bind(own, open)));
    }

    /** A generator gives an engine that does not stop the time of one more token, and then accounts for what it counted. */
    private Duration patience() {
        return setup.generation().nextToken().plus(ACCOUNT_MARGIN);
    }

    private Future<HttpServer> bind(GenerationClient ownClient, Settlements open) {
        RequestLog log = new RequestLog(setup.log().access(), System::nanoTime);
        ErrorWriter errors = new ErrorWriter(
                new RequestDrainer(vertx, setup.http().maxBodyBytes()), setup.requests(), log::refused, Routes.STREAM);
        Limits limits = new Limits(setup.access().limiter(), setup.access().meters());
        Routes.Handlers handlers = handlers(new Submission(limits, ownClient, open), limits, errors, log);
        RequestLifecycle entrance = new RequestLifecycle(
                new Routes(errors).router(vertx, handlers),
                errors,
                connections,
                setup.compressors(),
                log,
                deadlines.nextRequest());
        HttpServer own = vertx.createHttpServer(options())
                .connectionHandler(entrance::connected)
                .requestHandler(entrance::request)
                .invalidRequestHandler(entrance::undecodable)
                .exceptionHandler(failure -> LOG.debug("connection failed: {}", failure.toString()));
        server = own;
        return ListenException.explained(
                        own.listen(address(setup.http())),
                        "http",
                        setup.http().host(),
                        setup.http().port())
                .onSuccess(bound -> setup.tls().ifPresent(tls -> tls.watch(vertx, bound)));
    }

    private Routes.Handlers handlers(Submission submission, Limits limits, ErrorWriter errors, RequestLog log) {
        HttpConfig http = setup.http();
        AccessControl access = setup.access();
        ModelChoice models = new ModelChoice(setup.models());
        BodyReader reader = new BodyReader(vertx, http.maxBodyBytes(), deadlines.body());
        bodies = reader;
        RequestValidator intake = new RequestValidator(reader, new RequestParser(setup.generation()), models);
        StreamSettings streams = new StreamSettings(
                http.heartbeat(),
                http.stall(),
                setup.meters(),
                setup.compressors(),
                System::nanoTime,
                new EventBuffer(),
                new FlushQueue(context));
        return new Routes.Handlers(
                new RequestTrace(setup.tracing()),
                new Authentication(access.authenticators().get(), access.plans(), limits, errors, log),
                new StreamHandler(vertx, intake, submission, streams, errors),
                new GenerateHandler(intake, submission, limits, errors),
                new ModelsHandler(models),
                new UsageHandler(limits, errors));
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions();
        // Every answer is written on its connection's event loop; so a connection needs no queue for others' (5 KB
        // each).
        options.setStrictThreadMode(true);
        // HTTP/2 by ALPN only. What Vert.x (5.0.12) does with the body of an upgrade is without a bound: it keeps that
        // of a
        // broken one for good, and that of one whose client takes no answer as long as it is connected.
        options.setHttp2ClearTextEnabled(false);
        setup.tls().ifPresent(tls -> tls.secure(options));
        return ContentCodings.offer(options)
                .setCompressionSupported(setup.compressors().isOn())
                .setSendBufferSize(setup.http().sendBufferBytes())
                .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                // Nothing is written before the first answer, so that bytes that come in slowly do not count.
                .setWriteIdleTimeout((int) deadlines.firstRequest().toMillis());
    }

    private static SocketAddress address(HttpConfig http) {
        return http.port() == 0
                ? SocketAddress.sharedRandomPort(SHARED_PORT, http.host())
                : SocketAddress.inetSocketAddress(http.port(), http.host());
    }

    /**
     * Refuses new generations and closes connections behind what they were asked; still listens, so that whoever comes is
     * told. Any thread.
     *
     * @return completes when all that was asked before is answered, to the last byte
     */
    public Future<Void> drain() {
        return onContext(() -> {
            Optional.ofNullable(bodies).ifPresent(BodyReader::drain);
            return connections.drain();
        });
    }

    /**
     * Drops the connections that {@link #drain} still waits for. Any thread.
     *
     * @return how many
     */
    public Future<Integer> abort() {
        return onContext(() -> Future.succeededFuture(connections.abort()));
    }

    private <T> Future<T> onContext(Supplier<Future<T>> action) {
        Promise<T> done = Promise.promise();
        context.runOnContext(now -> action.get().onComplete(done));
        return done.future();
    }

    /** Listens no more. What is being answered now is a refusal: it gets a moment. */
    @Override
    public Future<?> stop() {
        GenerationClient ownClient = client;
        Settlements open = generations;
        HttpServer own = server;
        Future<Void> closed =
                own == null ? Future.succeededFuture() : own.shutdown(LAST_REFUSALS.toMillis(), TimeUnit.MILLISECONDS);
        Future<Void> left = ownClient == null ? closed : closed.eventually(ownClient::close);
        return open == null ? left : left.eventually(open::close);
    }
}
