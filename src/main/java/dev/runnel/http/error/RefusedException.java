package dev.runnel.http.error;

/** Carries an {@link ErrorResponse} through a future. Has no stack trace: a refusal is an answer, not a fault. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ErrorResponse answer;

    public RefusedException(ErrorResponse answer) {
        super(answer.message(), null, false, false);
        this.answer = answer;
    }

    ErrorResponse answer() {
        return answer;
    }
}
