package dev.runnel.http.management;

import dev.runnel.config.ManagementConfig;
import dev.runnel.http.connection.AcceptedConnections;
import dev.runnel.http.connection.HeadAwareResponse;
import dev.runnel.http.connection.ListenException;
import dev.runnel.http.connection.ManagementConnections;
import dev.runnel.http.connection.Tls;
import dev.runnel.metric.ConnectionMeters;
import dev.runnel.metric.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The management port: {@code /health/live}, {@code /health/ready}, {@code /metrics}. One instance. */
public final class ManagementVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(ManagementVerticle.class);
    private static final int IDLE_SECONDS = 75;

    private final Setup setup;
    private final ManagementConnections connections;
    private @Nullable HttpServer server;
    private @Nullable Scraper scraper;

    /**
     * What the verticle needs.
     *
     * @param live whether the process is alive, called for each response; may complete on any thread
     * @param ready whether the process should get requests, called for each response
     * @param accepted of the Vert.x that the verticle is deployed to
     * @param tls TLS of the port
     */
    public record Setup(
            ManagementConfig management,
            Metrics metrics,
            Supplier<Future<List<HealthCheck>>> live,
            Supplier<List<HealthCheck>> ready,
            AcceptedConnections accepted,
            Optional<Tls> tls) {}

    public ManagementVerticle(Setup setup) {
        this.setup = setup;
        this.connections =
                new ManagementConnections(new ConnectionMeters(setup.metrics().registry()));
    }

    /** The bound port, once the verticle is deployed. */
    public int actualPort() {
        HttpServer bound = server;
        if (bound == null) {
            throw new IllegalStateException("not deployed");
        }
        return bound.actualPort();
    }

    @Override
    public Future<?> start() {
        Scraper ownScraper = Scraper.open(vertx, setup.metrics());
        scraper = ownScraper;
        HttpServerOptions options = new HttpServerOptions()
                .setHost(setup.management().host())
                .setPort(setup.management().port())
                .setTracingPolicy(TracingPolicy.IGNORE)
                // As on the service port.
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setIdleTimeout(IDLE_SECONDS);
        setup.tls().ifPresent(tls -> tls.secure(options));
        connections.countAccepted(setup.accepted(), options);
        HttpServer own = vertx.createHttpServer(options)
                .exceptionHandler(failure -> LOG.debug("connection failed: {}", failure.toString()))
                .connectionHandler(connections::opened)
                .requestHandler(router(ownScraper));
        server = own;
        return ListenException.explained(own.listen(), "management", options.getHost(), options.getPort())
                .onSuccess(bound -> setup.tls().ifPresent(tls -> tls.watch(vertx, bound)));
    }

    private Router router(Scraper scraper) {
        Router router = Router.router(vertx);
        router.route().handler(this::count);
        mount(router, "/health/live", this::live);
        mount(router, "/health/ready", context -> health(context, setup.ready().get()));
        mount(router, "/metrics", context -> metrics(context, scraper.scrape()));
        router.route().handler(context -> context.response().setStatusCode(404).end());
        return router;
    }

    private void count(RoutingContext context) {
        HttpConnection connection = context.request().connection();
        connections.requested(connection);
        context.addEndHandler(ended -> connections.answered(connection));
        context.next();
    }

    private static void mount(Router router, String path, Handler<RoutingContext> handler) {
        router.route(HttpMethod.GET, path).handler(handler);
        router.route(HttpMethod.HEAD, path).handler(handler);
        router.route(path)
                .handler(context -> context.response()
                        .setStatusCode(405)
                        .putHeader("Allow", "GET, HEAD")
                        .end());
    }

    private void live(RoutingContext routing) {
        setup.live()
                .get()
                .onSuccess(checks -> context.runOnContext(back -> health(routing, checks)))
                .onFailure(routing::fail);
    }

    private static void health(RoutingContext context, List<HealthCheck> checks) {
        boolean healthy = true;
        JsonArray entries = new JsonArray();
        for (HealthCheck check : checks) {
            Optional<String> problem = check.problem().get();
            healthy &= problem.isEmpty() || !check.isRequired();
            JsonObject entry = new JsonObject().put("name", check.name()).put("ok", problem.isEmpty());
            problem.ifPresent(line -> entry.put("problem", line));
            entries.add(entry);
        }
        JsonObject body =
                new JsonObject().put("status", healthy ? "ok" : "failed").put("checks", entries);
        context.response().setStatusCode(healthy ? 200 : 503).putHeader("Content-Type", "application/json");
        HeadAwareResponse.end(context.request(), body.toBuffer());
    }

    private static void metrics(RoutingContext context, Future<Buffer> scrape) {
        scrape.onSuccess(text -> {
                    context.response().putHeader("Content-Type", Metrics.CONTENT_TYPE);
                    HeadAwareResponse.end(context.request(), text);
                })
                .onFailure(context::fail);
    }

    @Override
    public Future<?> stop() {
        HttpServer own = server;
        Scraper ownScraper = scraper;
        Future<Void> closed = own == null ? Future.succeededFuture() : own.close();
        return ownScraper == null ? closed : closed.eventually(ownScraper::close);
    }
}
