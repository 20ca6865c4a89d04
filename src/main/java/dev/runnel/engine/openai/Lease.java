package dev.runnel.engine.openai;

/** The right to one request to an upstream, from {@link Upstreams#acquire} to {@link Upstreams#release}. */
final class Lease {

    private final Upstream upstream;

    /** Whether the request is the trial of a half-open circuit. Belongs to {@link Upstreams}' lock. */
    boolean trial;

    Lease(Upstream upstream, boolean trial) {
        this.upstream = upstream;
        this.trial = trial;
    }

    Upstream upstream() {
        return upstream;
    }
}
