package dev.runnel.engine.openai;

/** The right to one request to an upstream, from {@link Upstreams#take} to {@link Upstreams#end}. */
final class Lease {

    private final Upstream upstream;

    /** Whether what becomes of the request decides on an upstream that is set aside. Belongs to {@link Upstreams}' lock. */
    boolean trial;

    Lease(Upstream upstream, boolean trial) {
        this.upstream = upstream;
        this.trial = trial;
    }

    Upstream upstream() {
        return upstream;
    }
}
