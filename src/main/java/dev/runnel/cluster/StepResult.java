package dev.runnel.cluster;

import org.jspecify.annotations.Nullable;

/** What a step has done. Belongs to the thread of the step. */
final class StepResult {

    private final byte[] answer;
    private final boolean isChanged;
    private final byte @Nullable [] value;
    private final long keptSeconds;

    /**
     * @param value what the entry is now; {@code null} removes it
     * @param keptSeconds after this time without a further change it is removed
     */
    StepResult(byte[] answer, boolean isChanged, byte @Nullable [] value, long keptSeconds) {
        this.answer = answer;
        this.isChanged = isChanged;
        this.value = value;
        this.keptSeconds = keptSeconds;
    }

    byte[] answer() {
        return answer;
    }

    boolean isChanged() {
        return isChanged;
    }

    byte @Nullable [] value() {
        return value;
    }

    long keptSeconds() {
        return keptSeconds;
    }
}
