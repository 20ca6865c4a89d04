package dev.runnel.resume;

/** What a process keeps, counted. */
public record KeptProbe(KeptGenerations kept) {

    public int generations() {
        return kept.generations();
    }

    public long bytes() {
        return kept.bytes();
    }

    public int readers() {
        return kept.readers();
    }

    /** Keys that are claimed, and whose generations are not accepted yet. */
    public int pending() {
        return kept.pending();
    }
}
