package dev.runnel.message;

import java.util.List;
import java.util.Optional;

/**
 * The answer to a {@link Look}.
 *
 * @param generationId {@code gen_…}
 * @param phase how far it is
 * @param model the model that runs it; empty for an unknown generation
 * @param bytes the length of its text so far, in bytes of UTF-8
 * @param inbox the address of its guardian, which serves its readers; empty for an unknown generation
 * @param kept one text, if the {@link Look} asked for it and no guardian has it; else empty
 */
public record Status(String generationId, Phase phase, String model, long bytes, String inbox, List<KeptText> kept) {

    /** Copies the list. */
    public Status {
        kept = List.copyOf(kept);
    }

    /**
     * Without a text.
     *
     * @param generationId {@code gen_…}
     * @param phase how far it is
     * @param model the model that runs it
     * @param bytes the length of its text so far, in bytes of UTF-8
     * @param inbox the address of its guardian
     */
    public Status(String generationId, Phase phase, String model, long bytes, String inbox) {
        this(generationId, phase, model, bytes, inbox, List.of());
    }

    /** How far a generation is. */
    public enum Phase {
        /** No generation of this id and owner runs here, or a phase that this version does not know. */
        UNKNOWN,
        /** It waits for a place. */
        WAITING,
        /** It has a place. */
        RUNNING
    }

    /**
     * The answer for a generation that does not run here.
     *
     * @param generationId what was asked for
     * @return an answer of phase {@code UNKNOWN}
     */
    public static Status unknown(String generationId) {
        return new Status(generationId, Phase.UNKNOWN, "", 0, "");
    }

    /**
     * The same with a text.
     *
     * @param text what is kept, if there is anything
     * @return the status
     */
    public Status withText(Optional<KeptText> text) {
        return new Status(
                generationId, phase, model, bytes, inbox, text.stream().toList());
    }
}
