package dev.runnel.it;

import dev.runnel.metric.ClusterMeters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The metrics of a node of a cluster, as Prometheus scrapes them, without the cluster. */
final class ClusterMetersPage {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ClusterMeters meters = new ClusterMeters(registry);
    private final int port;

    /** A healthy one of three. Its server is closed with Vert.x. */
    ClusterMetersPage(Vertx vertx) throws TimeoutException {
        meters.require(2);
        meters.show(3, false);
        port = vertx.createHttpServer()
                .requestHandler(request -> request.response()
                        .putHeader("Content-Type", "text/plain; version=0.0.4")
                        .end(registry.scrape()))
                .listen(0, "127.0.0.1")
                .await(5, TimeUnit.SECONDS)
                .actualPort();
    }

    int port() {
        return port;
    }

    /** The node was frozen, has lost the others, and goes on with their generations. */
    void nodeIsGone() {
        meters.show(1, true);
        meters.watch(() -> 1, () -> 1000, () -> 1);
        meters.frozen();
        meters.fenced();
        meters.decidedAlone();
        for (ClusterMeters.Continuation outcome : ClusterMeters.Continuation.values()) {
            meters.continuation(outcome, Duration.ofSeconds(5).toNanos());
        }
    }
}
