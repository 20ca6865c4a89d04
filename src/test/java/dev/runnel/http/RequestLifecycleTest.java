package dev.runnel.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.CorsConfig;
import dev.runnel.http.connection.Compressors;
import dev.runnel.http.connection.ConnectionDeadlines;
import dev.runnel.http.connection.Connections;
import dev.runnel.http.connection.RequestDrainer;
import dev.runnel.http.connection.TestAccount;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.metric.Metrics;
import dev.runnel.metric.RequestMeters;
import dev.runnel.metric.StreamMeters;
import dev.runnel.sse.HttpWire;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What holds for every connection, whatever its handlers do: here one that answers clients that have left. */
@ExtendWith(VertxExtension.class)
class RequestLifecycleTest {

    /** Long enough to send a request on a busy machine. */
    private static final Duration NEXT_REQUEST = Duration.ofSeconds(5);

    @AutoClose
    private final Metrics metrics = new Metrics();

    private final RequestMeters meters = new RequestMeters(metrics.registry());
    private final Promise<ContextInternal> held = Promise.promise();
    private final Promise<Void> left = Promise.promise();

    private Vertx vertx;
    private Connections connections;
    private HttpServer server;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        this.vertx = vertx;
        connections = new Connections(
                vertx.getOrCreateContext(),
                () -> false,
                meters,
                TestAccount.of(metrics.registry()),
                new ConnectionDeadlines(NEXT_REQUEST, NEXT_REQUEST, NEXT_REQUEST));
        Router router = Router.router(vertx);
        router.route("/held").handler(this::hold);
        router.route("/prompt").handler(context -> context.response().end("prompt"));
        server = vertx.createHttpServer(new HttpServerOptions().setStrictThreadMode(true));
        RequestLifecycle entrance = entrance(router);
        server.connectionHandler(entrance::connected)
                .requestHandler(entrance::request)
                .invalidRequestHandler(entrance::undecodable)
                .listen(0, "127.0.0.1")
                .await(5, SECONDS);
    }

    private RequestLifecycle entrance(Router router) {
        RequestLog log = new RequestLog(true, System::nanoTime);
        Compressors none = new Compressors(0, new StreamMeters(metrics.registry()));
        ErrorWriter errors = new ErrorWriter(new RequestDrainer(vertx, 1024, meters), meters, log::refused);
        return new RequestLifecycle(router, errors, connections, none, log, new Cors(new CorsConfig(Set.of())));
    }

    /** Answers when the client has left. */
    private void hold(RoutingContext context) {
        HttpServerResponse response = context.response();
        response.closeHandler(gone -> vertx.runOnContext(later -> {
            response.end("too late");
            left.complete();
        }));
        held.complete((ContextInternal) vertx.getOrCreateContext());
    }

    @Test
    void drainDoesNotWaitForARequestAfterTheAnswerToAClientThatLeft() throws Exception {
        ContextInternal context;
        try (HttpWire client = new HttpWire(server.actualPort())) {
            client.send(HttpWire.requestHead("GET", "/held") + HttpWire.requestHead("GET", "/prompt"));
            context = held.future().await(5, SECONDS);
        }
        left.future().await(5, SECONDS);

        context.succeededFuture().compose(turn -> connections.drain()).await(20, SECONDS);
    }

    /** Its response has no end, so the log would keep the request. */
    @Test
    void malformedRequestOfAClientThatLeftIsNotAnswered() throws Exception {
        ContextInternal context;
        try (HttpWire client = new HttpWire(server.actualPort())) {
            client.send(HttpWire.requestHead("GET", "/held") + "GET / HTTP/9.9\r\nHost: a\r\n\r\n");
            context = held.future().await(5, SECONDS);
        }
        left.future().await(5, SECONDS);

        // All on one event loop: this comes after the malformed request.
        context.succeededFuture().compose(turn -> connections.drain()).await(20, SECONDS);

        assertThat(metrics.scrape()).contains("runnel_refusals_total{code=\"\",type=\"invalid_request_error\"} 0.0");
    }

    @Test
    void connectionIsClosedAsIdleThoughARequestWasAnsweredAfterItsReset() throws Exception {
        HttpClientAgent client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        HttpClientRequest reset = client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/held")
                .await(5, SECONDS);
        Promise<Void> closed = Promise.promise();
        reset.connection().closeHandler(end -> closed.complete());
        reset.send();
        held.future().await(5, SECONDS);
        reset.reset(8);
        left.future().await(5, SECONDS);

        Future<Buffer> answer = client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/prompt")
                .compose(request -> request.send().compose(response -> response.body()));

        assertThat(answer.await(5, SECONDS)).hasToString("prompt");
        closed.future().await(30, SECONDS);
    }
}
