package dev.runnel.model;

/** A model's file cannot be had. The message is one clear line that says what to do; operators read it. */
public final class ModelUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    public ModelUnavailableException(String line) {
        super(line);
    }

    public ModelUnavailableException(String line, Throwable cause) {
        super(line, cause);
    }
}
