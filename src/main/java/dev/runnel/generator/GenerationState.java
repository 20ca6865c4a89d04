package dev.runnel.generator;

import dev.runnel.engine.GenerationHandle;

/**
 * Where a generation is.
 *
 * <pre>
 *  {@link Waiting} ── {@link Waiting#begin a place} ──▶ {@link Prompting} ── {@link Prompting#speak the first piece} ──▶ {@link Streaming}
 *     │                     │     │                           │     │
 *     │                     │     └─ {@link Working#stop cancel, deadline} ──┐    │     │
 *     │                     │                            ▼    │     │
 *     │ cancel, deadline    │ the engine's end       {@link Stopping} ◀┘     │ the engine's end
 *     │                     │                            │          │
 *     ▼                     ▼                            ▼          ▼
 *  {@link Over} ◀──────────────┴──────── the engine's end, or too long ──┴──────────┘
 * </pre>
 *
 * Every arrow into {@link Over} goes through {@code Generation.end}.
 */
sealed interface GenerationState {

    /** In the queue, or about to be started. */
    record Waiting() implements GenerationState {

        Prompting begin(GenerationHandle running) {
            return new Prompting(running);
        }
    }

    /** The engine has it. */
    sealed interface Working extends GenerationState {

        GenerationHandle running();

        /** It is decided how it will have ended. */
        default Stopping stop(Ending ending) {
            return new Stopping(ending);
        }
    }

    /** The engine reads the prompt. */
    record Prompting(GenerationHandle running) implements Working {

        Streaming speak() {
            return new Streaming(running);
        }
    }

    /** Pieces come. */
    record Streaming(GenerationHandle running) implements Working {}

    /** It is decided how it ends; the engine was told and has yet to say that it did. */
    record Stopping(Ending ending) implements GenerationState {}

    /** All has been told. */
    record Over() implements GenerationState {}
}
