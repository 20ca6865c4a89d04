package dev.runnel.engine.openai;

/** One upstream server of a model, and what is known of it. The mutable fields belong to {@link Upstreams} and its lock. */
final class Upstream {

    private final int place;
    private final String name;
    private final UpstreamSettings settings;
    private final UpstreamClientOptions wiring;

    CircuitState standing = CircuitState.UNTRIED;
    /** Requests under way. */
    int running;
    /** How far it is behind its share of requests, in units of weight. */
    long credit;

    /**
     * @param place its index among the upstreams of its model
     * @param name as operators know it; holds no secret
     */
    Upstream(int place, String name, UpstreamSettings settings, UpstreamClientOptions wiring) {
        this.place = place;
        this.name = name;
        this.settings = settings;
        this.wiring = wiring;
    }

    int place() {
        return place;
    }

    String name() {
        return name;
    }

    /** How it calls the model. */
    String model() {
        return settings.model();
    }

    int weight() {
        return settings.weight();
    }

    /** Requests at once. */
    int concurrent() {
        return settings.concurrent();
    }

    UpstreamClientOptions wiring() {
        return wiring;
    }
}
