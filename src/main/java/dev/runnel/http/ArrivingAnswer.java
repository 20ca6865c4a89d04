package dev.runnel.http;

import dev.runnel.client.ClientGeneration;
import dev.runnel.memory.HeldBytes.Bound;
import dev.runnel.memory.Holding;
import dev.runnel.message.Delta;
import dev.runnel.message.Part;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Parts;
import dev.runnel.text.PlacedPart;
import dev.runnel.text.Transcript;
import java.util.Optional;

/**
 * The answer of a plain generation while it arrives. It holds twice its memory, so that there is room for its copy in
 * the body. If there is no memory for it, the generation is cancelled. For one event loop.
 */
final class ArrivingAnswer {

    private final ClientGeneration generation;
    private final Holding held;
    private final Transcript text = new Transcript();
    private final Parts parts = new Parts();
    private final Parts.Reader firstPart = parts.reader();

    /** @param held of no bytes yet; closed by the caller */
    ArrivingAnswer(ClientGeneration generation, Holding held) {
        this.generation = generation;
        this.held = held;
    }

    /** @param showsParts whether the body has what is not text */
    void start(boolean showsParts) {
        if (showsParts) {
            generation.onPart(this::add);
        }
        generation.deltas().handler(this::add);
    }

    private void add(Delta delta) {
        int grown = text.growthFor(delta.text());
        if (grown == 0 || hold((long) grown + parts.capacity())) {
            text.append(delta.text());
        }
    }

    private void add(Part part) {
        int grown = parts.growthFor(part.json());
        if (grown == 0 || hold((long) grown + text.grownCapacity())) {
            parts.append(new PlacedPart(part.kind(), part.json(), text.end(), text.utf8Length(), text.pieces()));
        }
    }

    private boolean hold(long bytes) {
        Optional<Bound> refusal = held.resize(2 * bytes);
        refusal.ifPresent(bound -> generation.cancel(new GenerationException(bound.failure())));
        return refusal.isEmpty();
    }

    Transcript text() {
        return text;
    }

    /** What is not text, from the first part on. */
    Parts.Reader parts() {
        return firstPart.copy();
    }
}
