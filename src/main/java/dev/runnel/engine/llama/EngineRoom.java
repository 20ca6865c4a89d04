package dev.runnel.engine.llama;

import org.jspecify.annotations.Nullable;

/** The threads that all llama models of a process share: there from the first model's opening to the last one's close. */
final class EngineRoom {

    private int users;
    private @Nullable Crew crew;

    record Crew(EngineThread engine, Tokenizer tokenizer) {}

    /** Counts a model in. Each call needs one {@link #leave}. */
    synchronized Crew enter() {
        Crew present = crew;
        if (present == null) {
            present = new Crew(new EngineThread(), new Tokenizer());
            present.engine().start();
            crew = present;
        }
        users++;
        return present;
    }

    /** Counts a model out; after the last one the threads end as soon as they have done what was submitted. */
    synchronized void leave() {
        users--;
        Crew present = crew;
        if (users == 0 && present != null) {
            present.tokenizer().stop();
            present.engine().stop();
            crew = null;
        }
    }
}
