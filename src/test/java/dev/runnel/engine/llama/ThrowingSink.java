package dev.runnel.engine.llama;

import dev.runnel.engine.Completion;
import dev.runnel.engine.Sink;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;

/** A sink whose owner made a mistake. */
final class ThrowingSink implements Sink {

    @Override
    public void piece(EscapedText text, int tokens) {
        throw new IllegalStateException("piece");
    }

    @Override
    public void completed(Completion completion) {
        throw new IllegalStateException("completed");
    }

    @Override
    public void failed(Failure failure) {
        throw new IllegalStateException("failed");
    }
}
