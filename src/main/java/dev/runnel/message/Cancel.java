package dev.runnel.message;

/** Asks the generator that runs it to end a generation. Unknown ids are ignored: it may just have ended. */
public record Cancel(String generationId, Cause cause) {

    public enum Cause {
        /** The consumer is gone; nobody is left to be told. */
        CONSUMER_GONE,
        /** Cancelled by name: open streams are told {@code cancelled}. */
        DELETED
    }
}
