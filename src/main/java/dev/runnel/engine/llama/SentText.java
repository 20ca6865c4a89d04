package dev.runnel.engine.llama;

import dev.runnel.text.EscapedText;

/** Text that was sent before a generation went on here, and that the model generates again. Engine thread only. */
final class SentText {

    private String rest;
    private boolean contradicted;

    /** @param text in the order in which it is generated; may be empty */
    SentText(String text) {
        this.rest = text;
    }

    /** The part of the generated text that was not sent before. */
    EscapedText cut(EscapedText generated) {
        if (rest.isEmpty() || contradicted) {
            return contradicted ? EscapedText.EMPTY : generated;
        }
        String text = generated.toString();
        if (text.startsWith(rest)) {
            String more = text.substring(rest.length());
            rest = "";
            return EscapedText.of(more);
        }
        if (rest.startsWith(text)) {
            rest = rest.substring(text.length());
        } else {
            contradicted = true;
        }
        return EscapedText.EMPTY;
    }

    /** Whether another text was generated than the one that was sent. */
    boolean isContradicted() {
        return contradicted;
    }
}
