package dev.runnel.engine.llama;

import org.jspecify.annotations.Nullable;

/** The threads that all llama models of a process share: there from the first model's opening to the last one's close. */
final class EngineRoom {

    private int users;
    private @Nullable SharedThreads crew;

    record SharedThreads(EngineThread engine, Tokenizer tokenizer) {}

    /** Counts a model in. Each call needs one {@link #leave}. */
    synchronized SharedThreads enter() {
        SharedThreads present = crew;
        if (present == null) {
            present = new SharedThreads(new EngineThread(), new Tokenizer());
            present.engine().start();
            crew = present;
        }
        users++;
        return present;
    }

    /** Counts a model out; after the last one the threads end as soon as they have done what was submitted. */
    synchronized void leave() {
        users--;
        SharedThreads present = crew;
        if (users == 0 && present != null) {
            present.tokenizer().stop();
            present.engine().stop();
            crew = null;
        }
    }
}
