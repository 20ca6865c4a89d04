package dev.runnel.engine.openai;

import dev.runnel.text.EscapedText;
import java.util.function.BooleanSupplier;

/** Passes on to a listener what the events of one stream bring. For one event loop. */
final class Delivery {

    private final DeltaReader deltas;
    private final UpstreamListener listener;
    private final BooleanSupplier isOpen;
    private final Runnable onFailure;

    /**
     * @param isOpen whether the listener still receives anything; it may end the request while it receives a piece
     * @param onFailure runs when the listener does not accept a piece: it receives no later one
     */
    Delivery(DeltaReader deltas, UpstreamListener listener, BooleanSupplier isOpen, Runnable onFailure) {
        this.deltas = deltas;
        this.listener = listener;
        this.isOpen = isOpen;
        this.onFailure = onFailure;
    }

    /**
     * Delivers the text of new events, and what is not text. A piece without text means that the model still works.
     *
     * @param tokens how many deltas with text had arrived before
     */
    void deliver(int tokens) {
        // Taken first, also where the listener ends the request meanwhile: the buffer is shared.
        EscapedText text = deltas.takeText();
        if (deltas.hasParts()) {
            deliverParts(text, tokens);
            return;
        }
        int pieces = deltas.tokens() - tokens;
        if (pieces > 0 || (deltas.hasProgress() && !deltas.isAtEnd())) {
            piece(text, pieces);
        }
    }

    /** Delivers the text that was held back. */
    void deliverRest() {
        deliverText(deltas.takeRest(), 0);
    }

    /** @param rest the text after the last part */
    private void deliverParts(EscapedText rest, int tokens) {
        int delivered = tokens;
        for (PartAfterText part : deltas.takeParts()) {
            deliverText(part.text(), part.tokensBefore() - delivered);
            delivered = part.tokensBefore();
            if (isOpen.getAsBoolean()) {
                part(part);
            }
        }
        deliverText(rest, deltas.tokens() - delivered);
    }

    private void deliverText(EscapedText text, int tokens) {
        if ((tokens > 0 || !text.isEmpty()) && isOpen.getAsBoolean()) {
            piece(text, tokens);
        }
    }

    /** Once per read of most streams, so without lambdas, which C1 does not optimize. */
    private void piece(EscapedText text, int tokens) {
        try {
            listener.piece(text, tokens);
        } catch (RuntimeException e) {
            onFailure.run();
            throw e;
        }
    }

    private void part(PartAfterText part) {
        try {
            listener.part(part.kind(), part.json(), part.tokens());
        } catch (RuntimeException e) {
            onFailure.run();
            throw e;
        }
    }
}
