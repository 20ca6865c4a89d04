package dev.runnel.http;

import dev.runnel.config.HttpConfig;
import dev.runnel.message.GenerationClient;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Binds the service port and unbinds it. Any number of instances share the port, port 0 too. */
public final class HttpVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(HttpVerticle.class);

    private static final int MAX_REQUEST_LINE_BYTES = 4096;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    /** Any; tells Vert.x which servers share a random port. */
    private static final int SHARED_PORT = 1;

    private final HttpSetup setup;
    private final Deadlines deadlines;
    private @Nullable GenerationClient client;
    private @Nullable HttpServer server;

    public HttpVerticle(HttpSetup setup) {
        this(setup, Deadlines.DEFAULT);
    }

    HttpVerticle(HttpSetup setup, Deadlines deadlines) {
        this.setup = setup;
        this.deadlines = deadlines;
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
        return GenerationClient.create(vertx).compose(this::bind);
    }

    private Future<HttpServer> bind(GenerationClient ownClient) {
        client = ownClient;
        ErrorWriter errors = new ErrorWriter(new UnreadBody(vertx, setup.http().maxBodyBytes()));
        Entrance entrance = new Entrance(
                new Routes(errors).router(vertx, handlers(ownClient, errors)), errors, deadlines.nextRequest());
        HttpServer own = vertx.createHttpServer(options())
                .connectionHandler(entrance::connected)
                .requestHandler(entrance::request)
                .invalidRequestHandler(entrance::undecodable)
                .exceptionHandler(failure -> LOG.debug("connection failed: {}", failure.toString()));
        server = own;
        return own.listen(address(setup.http()));
    }

    private Routes.Handlers handlers(GenerationClient ownClient, ErrorWriter errors) {
        HttpConfig http = setup.http();
        Intake intake = new Intake(
                new BodyReader(vertx, http.maxBodyBytes(), deadlines.body()),
                new RequestParser(setup.generation()),
                setup.models(),
                ownClient);
        StreamSettings streams = new StreamSettings(http.heartbeat(), http.stall(), setup.meters(), System::nanoTime);
        return new Routes.Handlers(
                new Authentication(setup.authenticators().get(), errors),
                new StreamHandler(vertx, intake, streams, errors),
                new GenerateHandler(intake, errors),
                new ModelsHandler(setup.models()));
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
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

    @Override
    public Future<?> stop() {
        GenerationClient ownClient = client;
        HttpServer own = server;
        Future<Void> closed = own == null ? Future.succeededFuture() : own.close();
        return ownClient == null ? closed : closed.eventually(ownClient::close);
    }
}
