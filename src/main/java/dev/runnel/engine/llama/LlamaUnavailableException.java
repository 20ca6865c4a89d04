package dev.runnel.engine.llama;

/** llama.cpp or a model does not work here. The message is one line for the operator that says what to do. */
final class LlamaUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    LlamaUnavailableException(String line) {
        super(line);
    }

    LlamaUnavailableException(String line, Throwable cause) {
        super(line, cause);
    }
}
