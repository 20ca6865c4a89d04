package dev.runnel.http;

import dev.runnel.http.connection.ConnectionDeadlines;
import dev.runnel.http.connection.ListenException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Binds the service port and unbinds it. Any number of instances share the port, port 0 too. */
public final class HttpVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(HttpVerticle.class);
    private static final Duration LAST_REFUSALS = Duration.ofSeconds(1);

    private final HttpSetup setup;
    private final ConnectionDeadlines deadlines;
    private final ServicePort port;
    private @Nullable RequestPipeline pipeline;
    private @Nullable HttpServer server;

    public HttpVerticle(HttpSetup setup) {
        this(setup, ConnectionDeadlines.DEFAULT);
    }

    HttpVerticle(HttpSetup setup, ConnectionDeadlines deadlines) {
        this.setup = setup;
        this.deadlines = deadlines;
        this.port = new ServicePort(setup);
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
        return RequestPipeline.open(vertx, setup, deadlines).compose(this::bindOrClose);
    }

    /** Vert.x does not stop an instance that did not start. */
    private Future<HttpServer> bindOrClose(RequestPipeline opened) {
        pipeline = opened;
        return Future.succeededFuture(opened)
                .compose(this::bind)
                .recover(failure -> opened.close().transform(closed -> Future.failedFuture(failure)));
    }

    private Future<HttpServer> bind(RequestPipeline requests) {
        HttpServerOptions options = port.options();
        requests.listens(options);
        HttpServer unbound = vertx.createHttpServer(options)
                .connectionHandler(requests::connected)
                .requestHandler(requests)
                .invalidRequestHandler(requests::undecodable)
                .exceptionHandler(HttpVerticle::connectionFailed);
        server = unbound;
        return ListenException.explained(unbound.listen(port.address()), "http", port.host(), port.number())
                .onSuccess(bound -> setup.tls().ifPresent(tls -> tls.watch(vertx, bound)));
    }

    private static void connectionFailed(Throwable failure) {
        if (failure instanceof Error) {
            LOG.error("connection failed", failure);
        } else {
            LOG.debug("connection failed: {}", failure.toString());
        }
    }

    /**
     * Refuses new generations and closes connections after the answers to their requests. Still listens, so that new
     * clients are refused with a reason. Any thread.
     *
     * @return completes when every earlier request is answered, to the last byte, and every client that attached to a
     *     generation meanwhile. After a further call, that of the clients that attached between both.
     */
    public Future<Void> drain() {
        return onContext(Future.succeededFuture(), RequestPipeline::drain);
    }

    /**
     * Ends with {@code DRAINING} what runs on other nodes for clients of this one. Any thread.
     *
     * @return how many generations and texts had no end before
     */
    public Future<Integer> cut() {
        return onContext(Future.succeededFuture(0), requests -> Future.succeededFuture(requests.cut()));
    }

    /**
     * Drops the connections that {@link #drain} still waits for. Any thread.
     *
     * @return how many
     */
    public Future<Integer> abort() {
        return onContext(Future.succeededFuture(0), requests -> Future.succeededFuture(requests.abort()));
    }

    private <T> Future<T> onContext(Future<T> unopened, Function<RequestPipeline, Future<T>> action) {
        Promise<T> done = Promise.promise();
        context.runOnContext(now -> {
            RequestPipeline opened = pipeline;
            (opened == null ? unopened : action.apply(opened)).onComplete(done);
        });
        return done.future();
    }

    /** Stops listening. The refusals that are being written get one second. */
    @Override
    public Future<?> stop() {
        HttpServer bound = server;
        RequestPipeline opened = pipeline;
        Future<Void> unbound = bound == null
                ? Future.succeededFuture()
                : bound.shutdown(LAST_REFUSALS.toMillis(), TimeUnit.MILLISECONDS);
        return opened == null ? unbound : unbound.eventually(opened::close);
    }
}
