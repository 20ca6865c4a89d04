package dev.runnel.model;

/** A model's file is not available. The message is one line for the operator that says what to do. */
public final class ModelUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    public ModelUnavailableException(String line) {
        super(line);
    }

    public ModelUnavailableException(String line, Throwable cause) {
        super(line, cause);
    }
}
