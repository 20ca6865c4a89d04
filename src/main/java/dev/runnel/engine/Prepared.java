package dev.runnel.engine;

/** A prompt that was checked and counted by the engine that will run it. */
public interface Prepared {

    /** What it will take of {@link ModelFacts#cells()} while it runs, 1 or more. */
    int cells();
}
