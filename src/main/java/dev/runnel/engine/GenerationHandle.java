package dev.runnel.engine;

/** A generation that an engine runs. */
public interface GenerationHandle {

    /** Ends it as soon as possible. The sink still gets its end. Idempotent, and without effect after the end. */
    void cancel();
}
