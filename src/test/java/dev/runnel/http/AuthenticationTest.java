package dev.runnel.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.auth.KeysUnderWay;
import dev.runnel.auth.Plans;
import dev.runnel.http.connection.RequestDrainer;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.limit.LocalLimiter;
import dev.runnel.metric.Metrics;
import dev.runnel.metric.RequestMeters;
import dev.runnel.sse.HttpWire;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A request whose key can only be verified once the keys of its issuer are fetched. */
@ExtendWith(VertxExtension.class)
class AuthenticationTest {

    @AutoClose
    private final Metrics metrics = new Metrics();

    private final KeysUnderWay keys = new KeysUnderWay();
    private final Promise<Void> left = Promise.promise();

    private Vertx vertx;
    private HttpServer server;
    private int passed;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        this.vertx = vertx;
        Router router = Router.router(vertx);
        router.route().handler(this::noteLeaving);
        router.route().handler(authentication());
        router.route().handler(this::passed);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .await(5, SECONDS);
    }

    private Authentication authentication() {
        RequestLog log = new RequestLog(false, System::nanoTime);
        RequestMeters meters = new RequestMeters(metrics.registry());
        ErrorWriter errors = new ErrorWriter(new RequestDrainer(vertx, 1024, meters), meters, log::refused);
        Limits limits = new Limits(new LocalLimiter(System::nanoTime), TestService.limitMeters(metrics));
        return new Authentication(
                keys.authenticator(vertx), new Plans(TestService.plans()), limits, errors, (request, caller) -> {});
    }

    private void noteLeaving(RoutingContext context) {
        context.response().closeHandler(gone -> left.tryComplete());
        context.next();
    }

    /** Answers with the number of requests that passed. */
    private void passed(RoutingContext context) {
        passed++;
        context.response().end(Integer.toString(passed));
    }

    private HttpWire ask() {
        return new HttpWire(server.actualPort()).get("/", HttpWire.bearer(keys.token("roomy")));
    }

    @Test
    void clientThatStaysIsAnsweredOnceTheKeysAreFetched() throws Exception {
        try (HttpWire client = ask()) {
            keys.asked().await(5, SECONDS);

            keys.arrive();

            HttpWire.Answer answer = client.answer();
            assertThat(answer.body()).isEqualTo("1");
            assertThat(answer.header("x-ratelimit-limit-requests")).isEqualTo("1000000");
        }
    }

    @Test
    void requestOfAClientThatLeftDuringVerificationEnds() throws Exception {
        HttpWire client = ask();
        keys.asked().await(5, SECONDS);
        client.close();
        left.future().await(5, SECONDS);

        keys.arrive();

        // All on one event loop: this one comes after the other.
        try (HttpWire next = ask()) {
            assertThat(next.answer().body()).isEqualTo("1");
        }
    }
}
