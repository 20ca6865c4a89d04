package dev.runnel.metric;

import dev.runnel.net.KnownMethods;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.UUID;

/** The meter registry of one process, and its text for Prometheus. */
public final class Metrics implements AutoCloseable {

    /** The media type of {@link #scrape}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final MeterRegistry registry;
    /** Unique: Vert.x keeps registries by name in a static map, and two services of a process must not share one. */
    private final String name = "runnel-" + UUID.randomUUID();

    public Metrics() {
        this(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    }

    private Metrics(MeterRegistry registry) {
        this.registry = registry;
        registry.config()
                // Wrong for streams: Vert.x does not count their events there. The byte counts of a port are right.
                .meterFilter(MeterFilter.denyNameStartsWith("vertx.http.server.response.bytes"))
                .meterFilter(MeterFilter.denyNameStartsWith("vertx.http.client.response.bytes"))
                // Each of its six states stops all threads at every scrape, to inspect them one by one.
                .meterFilter(MeterFilter.denyNameStartsWith("jvm.threads.states"));
    }

    /** Counts nothing and shows nothing, Vert.x's metrics included. For benchmarks of what metrics cost. */
    public static Metrics off() {
        return new Metrics(new CompositeMeterRegistry());
    }

    public MeterRegistry registry() {
        return registry;
    }

    /** Registers the versions of this process. */
    public void showBuild(String version, String javaVersion) {
        Gauge.builder("runnel.build.info", () -> 1)
                .description("Always 1; the labels are the versions of Runnel and of Java")
                .tag("version", version)
                .tag("java_version", javaVersion)
                .register(registry);
    }

    /** For {@code Vertx.builder().withMetrics(…)}. */
    public VertxMetricsFactory vertxMetrics() {
        return new MicrometerMetricsFactory(registry);
    }

    /**
     * For {@code VertxOptions.setMetricsOptions}: HTTP, pools and JVM. The event bus is left out, because its metrics
     * make a local delivery four times as expensive. The label {@code local} distinguishes the two ports. No label has
     * a client's text: no path, no address, and only the well-known methods.
     */
    public MicrometerMetricsOptions vertxOptions() {
        return new MicrometerMetricsOptions()
                .setEnabled(registry instanceof PrometheusMeterRegistry)
                .setRegistryName(name)
                .setJvmMetricsEnabled(true)
                .addDisabledMetricsCategory(MetricsDomain.EVENT_BUS)
                .setLabels(EnumSet.of(Label.LOCAL, Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME))
                .setServerRequestTagsProvider(Metrics::method);
    }

    /** A tag of our own: Vert.x's label accepts any method that a client sends, and its caches keep each one. */
    private static Iterable<Tag> method(HttpRequest request) {
        return Tags.of("method", KnownMethods.nameOr(request.method(), "OTHER"));
    }

    /** All meters in the text format of Prometheus. It lasts milliseconds: do not call it on an event loop. */
    public String scrape() {
        return registry instanceof PrometheusMeterRegistry shown ? shown.scrape() : "";
    }

    @Override
    public void close() {
        registry.close();
    }
}
