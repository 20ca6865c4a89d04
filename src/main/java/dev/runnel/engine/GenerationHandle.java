package dev.runnel.engine;

/** A generation that an engine works on. */
public interface GenerationHandle {

    /** Ends it as soon as possible; the sink still gets its end. Idempotent, and without effect after the end. */
    void cancel();
}
