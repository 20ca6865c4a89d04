package dev.runnel.engine.openai;

import dev.runnel.text.Failure;

/** The service has no memory for an event of an upstream. */
final class HeldTooMuchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    /** @param failure what the caller receives */
    HeldTooMuchException(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
