package dev.runnel.cli.source;

/** Receives a text while it is generated. */
public interface AnswerReader {

    /**
     * The next piece of the text.
     *
     * @param piece whole code points, as the model wrote them: control characters included
     */
    void text(String piece);

    /**
     * Something that the user should know, and that is not the model's text.
     *
     * @param line one sentence
     */
    void notice(String line);
}
