package dev.runnel.cli.source;

import java.util.List;

/** Generates text. Its methods block; a {@link StopSignal} ends a call early. For one thread, except {@link #close}. */
public interface TextSource extends AutoCloseable {

    /**
     * Makes a model ready: fetches and loads it, or asks the service for it.
     *
     * @param model its name; empty is the default model
     * @throws SourceException if it does not work, or the signal stopped the call
     */
    void open(String model, StopSignal stop) throws SourceException;

    /**
     * Generates one text.
     *
     * @param reader receives the text as it arrives, on the calling thread
     * @param stop stops the generation; the answer's {@link Answer#finishReason()} is {@code cancelled} then
     * @throws SourceException if it was refused or has failed; the message is one line for the user
     */
    Answer generate(Question question, AnswerReader reader, StopSignal stop) throws SourceException;

    /** The names of the models, the default model first. */
    List<String> models() throws SourceException;

    /** Frees everything. Any thread; idempotent. */
    @Override
    void close();
}
