package dev.runnel.cli.terminal;

import java.io.IOException;

/** The input of a conversation. For one thread. */
public interface Lines extends AutoCloseable {

    /** Shows the prompt and waits for the next text. */
    Input next() throws IOException;

    /** Whether a person enters the lines, at a terminal. */
    boolean isInteractive();

    /**
     * Handles Ctrl-C.
     *
     * @param action runs at Ctrl-C, except where {@link #next} answers it; on another thread
     */
    void onInterrupt(Runnable action);

    @Override
    void close() throws IOException;
}
