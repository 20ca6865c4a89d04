package dev.runnel.text;

/** Carries a {@link Failure} through a future. Without a stack trace: it is an answer, not an accident. */
public final class GenerationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public GenerationException(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
