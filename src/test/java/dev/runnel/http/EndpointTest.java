package dev.runnel.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.auth.Caller;
import dev.runnel.auth.Scope;
import dev.runnel.config.Allowance;
import dev.runnel.config.CorsConfig;
import dev.runnel.config.TracingConfig;
import dev.runnel.http.connection.Compressors;
import dev.runnel.http.connection.ConnectionDeadlines;
import dev.runnel.http.connection.Connections;
import dev.runnel.http.connection.RequestDrainer;
import dev.runnel.http.connection.TestAccount;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.it.OtlpReceiver;
import dev.runnel.metric.Metrics;
import dev.runnel.metric.RequestMeters;
import dev.runnel.metric.StreamMeters;
import dev.runnel.sse.HttpWire;
import dev.runnel.trace.Tracing;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** What an endpoint gets from its declaration alone: the endpoints here are the test's own. */
class EndpointTest {

    private final Metrics metrics = new Metrics();
    private final RequestMeters meters = new RequestMeters(metrics.registry());
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.runnel.access");
    private final ListAppender<ILoggingEvent> access = new ListAppender<>();

    private OtlpReceiver receiver;
    private Tracing tracing;
    /** Its own: the tracing of a test is set when Vert.x is made. */
    private Vertx vertx;

    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        access.start();
        logger.addAppender(access);
        receiver = new OtlpReceiver();
        tracing = Tracing.of(new TracingConfig(Optional.of(URI.create(receiver.url())), 1, "test"));
        vertx = tracing.into(Vertx.builder()).build();
        RequestLifecycle lifecycle = lifecycle();
        server = vertx.createHttpServer()
                .connectionHandler(lifecycle::connected)
                .requestHandler(lifecycle::request)
                .listen(0, "127.0.0.1")
                .await(5, SECONDS);
    }

    private RequestLifecycle lifecycle() {
        RequestLog log = new RequestLog(true, System::nanoTime);
        ErrorWriter errors = new ErrorWriter(new RequestDrainer(vertx, 1024, meters), meters, log::refused);
        Routes routes =
                new Routes(errors, log, new RequestTrace(tracing), List.of(context -> authenticate(context, errors)));
        return new RequestLifecycle(
                routes.router(vertx, endpoints()),
                errors,
                new Connections(
                        vertx.getOrCreateContext(),
                        () -> false,
                        meters,
                        TestAccount.of(metrics.registry()),
                        ConnectionDeadlines.DEFAULT),
                new Compressors(0, new StreamMeters(metrics.registry())),
                log,
                new Cors(new CorsConfig(Set.of())));
    }

    private static List<Endpoint> endpoints() {
        return List.of(
                new Endpoint(
                        HttpMethod.GET,
                        "/v1/things/:id",
                        Optional.of(Scope.OBSERVE),
                        ErrorForm.JSON,
                        context -> context.response().end(context.pathParam("id"))),
                new Endpoint(
                        HttpMethod.DELETE,
                        "/v1/things/:id",
                        Optional.of(Scope.GENERATE),
                        ErrorForm.JSON,
                        context -> context.response().end()),
                Endpoint.generate(
                        "/v1/things/special",
                        ErrorForm.EVENT,
                        context -> context.response().end("special")),
                Endpoint.get("/open", context -> context.response().end("open")));
    }

    /** Every key may observe, and no key may generate. */
    private static void authenticate(RoutingContext context, ErrorWriter errors) {
        if (context.request().getHeader("Authorization") == null) {
            errors.write(context, ErrorResponse.unauthenticated("no key"));
            return;
        }
        Caller caller =
                new Caller("runnel", "ada", "key_1", "p", Set.of(Scope.OBSERVE), Instant.MAX, Allowance.UNLIMITED);
        new AuthenticatedCaller(caller, Allowance.UNLIMITED, 1).note(context);
        context.next();
    }

    @AfterEach
    void stop() throws Exception {
        logger.detachAppender(access);
        vertx.close().await(5, SECONDS);
        tracing.close();
        receiver.close();
        metrics.close();
    }

    private HttpWire.Answer request(String method, String path, String... headers) {
        try (HttpWire client = new HttpWire(server.actualPort())) {
            return client.send(HttpWire.requestHead(method, path, headers)).answer();
        }
    }

    private String loggedRoute() {
        await().until(() -> !access.list.isEmpty());
        return access.list.get(0).getKeyValuePairs().stream()
                .filter(pair -> pair.key.equals("route"))
                .map(pair -> pair.value.toString())
                .collect(Collectors.joining());
    }

    @Test
    void requestIsNamedByItsTemplateInLogAndSpan() throws Exception {
        HttpWire.Answer answer = request("GET", "/v1/things/thing-42", "Authorization: x");

        assertThat(answer.body()).isEqualTo("thing-42");
        assertThat(loggedRoute()).isEqualTo("/v1/things/:id");
        await().until(() -> !receiver.spans().isEmpty());
        assertThat(receiver.spans()).extracting(Span::getName).containsExactly("GET /v1/things/:id");
        assertThat(receiver.raw()).doesNotContain("thing-42");
    }

    @Test
    void requestWithoutAKeyIsLoggedByItsTemplate() {
        assertThat(request("GET", "/v1/things/thing-42").status()).isEqualTo(401);

        assertThat(loggedRoute()).isEqualTo("/v1/things/:id");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/things/special,/v1/things/special",
        "/v1/things/special/,none",
        "/v1//things/1,none",
        "/v1/things,none",
        "/v1/things/1/2,none",
        "/v1/things/%73pecial,none",
        "/open,/open"
    })
    void pathIsLoggedByTheMostSpecificTemplateInItsOneSpelling(String path, String route) {
        request("GET", path);

        assertThat(loggedRoute()).isEqualTo(route);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/things/special,'POST, OPTIONS'",
        "PUT,/v1/things/1,'GET, HEAD, DELETE, OPTIONS'",
        "POST,/open,'GET, HEAD, OPTIONS'"
    })
    void otherMethodIsRefusedWithTheDeclaredOnes(String method, String path, String allowed) {
        HttpWire.Answer answer = request(method, path, "Authorization: x");

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo(allowed);
    }

    @Test
    void keyWithoutTheDeclaredScopeIsRefused() {
        HttpWire.Answer answer = request("DELETE", "/v1/things/1", "Authorization: x");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("scope: observe (expected: an API key with generate)");
    }

    @Test
    void refusalHasTheDeclaredForm() {
        HttpWire.Answer event = request("POST", "/v1/things/special");
        HttpWire.Answer json = request("GET", "/v1/things/special");

        assertThat(event.status()).isEqualTo(401);
        assertThat(event.body()).startsWith("data: {");
        assertThat(json.status()).isEqualTo(401);
        assertThat(json.body()).startsWith("{");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/things/%zz,400,400",
        "/v1/things/%,400,400",
        "/v1/things/%ff,401,200",
        "/v1/things/%2e%2e%2f,401,404"
    })
    void oddlyEncodedParameterIsNoFaultOfTheService(String path, int withoutKey, int withKey) {
        assertThat(request("GET", path).status()).isEqualTo(withoutKey);
        assertThat(request("GET", path, "Authorization: x").status()).isEqualTo(withKey);
    }
}
