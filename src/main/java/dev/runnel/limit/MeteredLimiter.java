package dev.runnel.limit;

/** A limiter with what its meters show. */
public interface MeteredLimiter extends Limiter {

    /** Keys that this process counts: with a running generation, or a bucket that was not full a short time ago. */
    int keys();

    /** Generations of this process that are admitted and not settled. Those of unlimited keys are not counted. */
    int running();
}
