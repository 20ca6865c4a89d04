package dev.runnel.generator;

import dev.runnel.engine.GenerationHandle;

/**
 * The state of a generation.
 *
 * <pre>
 *  Waiting ────── a place ─────▶ Prompting ─────── the first piece ──────▶ Streaming
 *     │                           │     │                                   │     │
 *     │                           │     └── cancel, deadline ──┐            │     │
 *     │                           │                            ▼            │     │
 *     │ cancel, deadline          │ the engine's end        Stopping ◀──────┘     │ the engine's end
 *     │                           │                            │                  │
 *     ▼                           ▼                            ▼                  ▼
 *  Closed ◀───────────────────────┴──── the engine's end, or too long ────────────┘
 * </pre>
 *
 * The edges are {@link Waiting#start}, {@link Prompting#firstPiece} and {@link Working#stop}. Every edge into
 * {@link Closed} is in {@code Generation.end}.
 */
sealed interface GenerationState {

    /** In the queue, or about to be started. */
    record Waiting() implements GenerationState {

        Prompting start(GenerationHandle running) {
            return new Prompting(running);
        }
    }

    /** The engine runs it. */
    sealed interface Working extends GenerationState {

        GenerationHandle running();

        /** Decides how it will end. */
        default Stopping stop(Ending ending) {
            return new Stopping(ending);
        }
    }

    /** The engine reads the prompt. */
    record Prompting(GenerationHandle running) implements Working {

        Streaming firstPiece() {
            return new Streaming(running);
        }
    }

    /** The engine sends pieces. */
    record Streaming(GenerationHandle running) implements Working {}

    /** Its ending is decided. The engine was asked to stop and has not confirmed it yet. */
    record Stopping(Ending ending) implements GenerationState {}

    /** It has ended, and all listeners were notified. */
    record Closed() implements GenerationState {}
}
