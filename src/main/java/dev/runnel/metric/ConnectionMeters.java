package dev.runnel.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The meters of the limits of connections. One for all verticle instances; any thread. */
public final class ConnectionMeters {

    /** A limit of connections. */
    public enum Limit {
        /** Of all connections. */
        TOTAL("total"),
        /** Of the connections of one address. */
        ADDRESS("address"),
        /** Of the connections without a valid key. */
        WITHOUT_KEY("without_key");

        private final String label;

        Limit(String label) {
            this.label = label;
        }
    }

    private final Map<Limit, Counter> closed = new EnumMap<>(Limit.class);

    public ConnectionMeters(MeterRegistry registry) {
        for (Limit limit : Limit.values()) {
            closed.put(
                    limit,
                    Counter.builder("runnel.connections.limited")
                            .description("Connections that were closed because too many were open, by the limit")
                            .tag("limit", limit.label)
                            .register(registry));
        }
    }

    /** A connection was closed because of a limit. */
    public void closed(Limit limit) {
        Objects.requireNonNull(closed.get(limit)).increment();
    }
}
