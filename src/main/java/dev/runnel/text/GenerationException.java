package dev.runnel.text;

/** Carries a {@link Failure} through a future. It has no stack trace: a refusal is an answer, not a defect. */
public final class GenerationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    /**
     * An exception with the failure's message.
     *
     * @param failure why a generation was refused or failed
     */
    public GenerationException(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    /**
     * Why.
     *
     * @return the failure that it carries
     */
    public Failure failure() {
        return failure;
    }
}
