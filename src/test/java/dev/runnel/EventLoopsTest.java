package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ManagementConfig;
import dev.runnel.http.connection.AcceptedConnections;
import dev.runnel.http.management.ManagementVerticle;
import dev.runnel.metric.Metrics;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventLoopsTest {

    /** Its own: a loop each for two lanes and the management port, on any machine. */
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(3));

    private final Metrics metrics = new Metrics();
    private final EventLoops loops = new EventLoops(Duration.ofSeconds(1));
    private final Inhabitant first = new Inhabitant("lane 1");
    private final CountDownLatch released = new CountDownLatch(1);

    private ManagementVerticle management;

    /** Lives on an event loop. */
    private final class Inhabitant extends VerticleBase {

        private final String name;

        Inhabitant(String name) {
            this.name = name;
        }

        Context home() {
            return context;
        }

        @Override
        public Future<?> start() {
            loops.add(name, context);
            return Future.succeededFuture();
        }
    }

    @BeforeEach
    void start() throws Exception {
        management = new ManagementVerticle(new ManagementVerticle.Setup(
                new ManagementConfig("127.0.0.1", 0, Optional.empty()),
                metrics,
                loops::check,
                List::of,
                new AcceptedConnections(),
                Optional.empty()));
        Future.join(
                        vertx.deployVerticle(first),
                        vertx.deployVerticle(new Inhabitant("lane 2")),
                        vertx.deployVerticle(management))
                .await(5, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        released.countDown();
        vertx.close().await(5, TimeUnit.SECONDS);
        metrics.close();
    }

    private Answer live() {
        try (HttpWire wire = new HttpWire(management.actualPort())) {
            return wire.get("/health/live").answer();
        }
    }

    @Test
    void serviceWhoseEventLoopsAnswerIsLive() {
        Answer answer = live();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"status\":\"ok\",\"checks\":[{\"name\":\"event loop of lane 1\",\"ok\":true},"
                        + "{\"name\":\"event loop of lane 2\",\"ok\":true}]}");
    }

    @Test
    void blockedLoopIsNamed() {
        first.home().runOnContext(now -> block());

        Answer answer = live();

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body())
                .matches("\\{\"status\":\"failed\",\"checks\":\\[\\{\"name\":\"event loop of lane 1\",\"ok\":false,"
                        + "\"problem\":\"vert.x-eventloop-thread-\\d did not answer within 1 s\"},"
                        + "\\{\"name\":\"event loop of lane 2\",\"ok\":true}]}");
        released.countDown();
        assertThat(live().status()).isEqualTo(200);
    }

    private void block() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
