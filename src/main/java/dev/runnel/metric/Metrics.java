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

/** The registry of one process: holds every meter and prints them for Prometheus. */
public final class Metrics implements AutoCloseable {

    /** What {@link #scrape} gives. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final MeterRegistry registry;
    /** Vert.x keeps registries by name in a static map: under one name, two services of a process would share the first's. */
    private final String name = "runnel-" + UUID.randomUUID();

    public Metrics() {
        this(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    }

    private Metrics(MeterRegistry registry) {
        this.registry = registry;
        registry.config()
                // Wrong for streams: their events go past what Vert.x counts there. What a port has carried is right.
                .meterFilter(MeterFilter.denyNameStartsWith("vertx.http.server.response.bytes"))
                .meterFilter(MeterFilter.denyNameStartsWith("vertx.http.client.response.bytes"))
                // Each of its six states stops all threads at every scrape, to look at them one by one.
                .meterFilter(MeterFilter.denyNameStartsWith("jvm.threads.states"));
    }

    /** Counts nothing and shows nothing, Vert.x's metrics included: for who measures what metrics cost. */
    public static Metrics off() {
        return new Metrics(new CompositeMeterRegistry());
    }

    public MeterRegistry registry() {
        return registry;
    }

    /** Shows what this process is made of. */
    public void showBuild(String version, String javaVersion) {
        Gauge.builder("runnel.build.info", () -> 1)
                .description("The version of Runnel and of the Java that runs it")
                .tag("version", version)
                .tag("java_version", javaVersion)
                .register(registry);
    }

    /** For {@code Vertx.builder().withMetrics(…)}. */
    public VertxMetricsFactory vertxMetrics() {
        return new MicrometerMetricsFactory(registry);
    }

    /**
     * For {@code VertxOptions.setMetricsOptions}: HTTP, pools and JVM. The event bus is left out, as it would make a local
     * delivery four times dearer. The two ports are told apart by {@code local}. No label takes what a client wrote: neither
     * path nor address, and of the methods only those that everybody knows.
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

    /** A tag of our own, as Vert.x's label takes any word that a client sends, and its caches keep each. */
    private static Iterable<Tag> method(HttpRequest request) {
        return Tags.of("method", KnownMethods.nameOr(request.method(), "OTHER"));
    }

    /** Everything in the text format of Prometheus. Takes milliseconds: not for an event loop. */
    public String scrape() {
        return registry instanceof PrometheusMeterRegistry shown ? shown.scrape() : "";
    }

    @Override
    public void close() {
        registry.close();
    }
}
