package dev.runnel.engine;

/** A generation that an engine runs. */
public interface GenerationHandle {

    /**
     * Ends it as soon as possible. The sink still gets its end. A second call, and one after the end, have no effect.
     */
    void cancel();
}
