package dev.runnel.warmup;

/** An AOT cache was not made. The message is for the operator. */
public final class AotTrainingException extends Exception {

    private static final long serialVersionUID = 1L;

    AotTrainingException(String message) {
        super(message);
    }
}
