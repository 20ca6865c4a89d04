package dev.runnel.engine.llama;

import dev.runnel.text.EscapedText;

/** Separates what a model thinks from its text, as it generates both. Engine thread only. */
interface AnswerSplitter {

    /**
     * Consumes all of the bytes, which are whole code points.
     *
     * @param isMark whether the token of which they are is a mark
     */
    void append(ByteQueue codePoints, boolean isMark);

    /** The bytes of the text, whole code points; the caller removes them. */
    ByteQueue text();

    /** The part of the thought that is certain to be one; all of it after {@link #end}. */
    EscapedText releaseThought();

    /** Nothing follows: what was held back becomes text, or thought. */
    void end();

    /** Whether the model has ended its answer by a mark. */
    boolean isEnded();

    /** Whether the answer has, or had, more than its text: a thought, or marks. */
    boolean hasThought();

    /** Whether something was appended and not released. */
    boolean holds();
}
