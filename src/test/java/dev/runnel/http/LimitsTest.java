package dev.runnel.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.auth.Caller;
import dev.runnel.auth.Scope;
import dev.runnel.config.Allowance;
import dev.runnel.limit.Demand;
import dev.runnel.limit.LocalLimiter;
import dev.runnel.limit.Permit;
import dev.runnel.metric.Metrics;
import dev.runnel.sse.HttpWire;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A permit reaches the one that must settle it, whatever has become of the response. */
@ExtendWith(VertxExtension.class)
class LimitsTest {

    private static final Allowance HUNDRED = new Allowance(
            OptionalInt.empty(), OptionalInt.of(100), OptionalInt.of(5), OptionalInt.empty(), Optional.empty());

    @AutoClose
    private final Metrics metrics = new Metrics();

    private final LocalLimiter limiter = new LocalLimiter(() -> 0);
    private final Limits limits = new Limits(limiter, TestService.limitMeters(metrics));
    private final Promise<Future<Permit>> admitted = Promise.promise();

    private HttpServer server;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        server = vertx.createHttpServer()
                .requestHandler(this::admitAfterTheResponse)
                .listen(0, "127.0.0.1")
                .await(5, SECONDS);
    }

    private void admitAfterTheResponse(HttpServerRequest request) {
        request.response().end("early");
        Caller caller = new Caller("runnel", "ada", "k", "p", Scope.ALL, Instant.MAX, Allowance.UNLIMITED);
        admitted.complete(
                limits.admit(request.response(), new AuthenticatedCaller(caller, HUNDRED, 1), new Demand(10, 30)));
    }

    @Test
    void permitIsReturnedWhereTheHeadersAreSent() throws Exception {
        try (HttpWire client = new HttpWire(server.actualPort())) {
            assertThat(client.get("/").answer().body()).isEqualTo("early");
        }

        Permit permit = admitted.future().await(5, SECONDS).await(5, SECONDS);

        permit.settle(0);
        assertThat(limiter.running()).isZero();
    }
}
