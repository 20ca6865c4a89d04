package dev.runnel.engine.openai;

import java.util.HashSet;
import java.util.Set;

/** One upstream server of a model, and its state. The mutable fields belong to {@link Upstreams} and its lock. */
final class Upstream {

    private final int place;
    private final String name;
    private final UpstreamSettings settings;
    private final UpstreamClientOptions options;

    CircuitState circuit = CircuitState.UNTRIED;
    /** Requests in progress. */
    int running;
    /** How many requests it is short of its share, in units of weight. */
    long credit;
    /** Whether it refused this service, and no text was complete after that. */
    boolean denied;
    /** The remarks that were logged. */
    final Set<String> remarks = new HashSet<>();

    /**
     * @param place its index among the upstreams of its model
     * @param name for operators; holds no secret
     */
    Upstream(int place, String name, UpstreamSettings settings, UpstreamClientOptions options) {
        this.place = place;
        this.name = name;
        this.settings = settings;
        this.options = options;
    }

    int place() {
        return place;
    }

    String name() {
        return name;
    }

    /** The upstream's name for the model. */
    String model() {
        return settings.model();
    }

    int weight() {
        return settings.weight();
    }

    /** The limit of requests in progress. */
    int concurrent() {
        return settings.concurrent();
    }

    UpstreamClientOptions options() {
        return options;
    }
}
