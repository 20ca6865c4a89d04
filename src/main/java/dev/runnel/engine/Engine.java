package dev.runnel.engine;

import io.vertx.core.Future;

/**
 * Produces text for one model. All methods are called on event-loop threads and never block. {@code close} may be
 * called at any time after {@code open}; every other method only between a successful {@code open} and {@code close}.
 */
public interface Engine {

    /**
     * Makes the model ready to generate, and fetches it if needed.
     *
     * @return the abilities of the model; or a failure whose message is one line that says what to do
     */
    Future<ModelFacts> open();

    /**
     * Checks a prompt against the model and counts its tokens, before the request is accepted.
     *
     * @return completes on the calling context; fails with a {@link dev.runnel.text.GenerationException} if the request
     *     does not fit ({@code INVALID_REQUEST} with its {@code param}) or the engine is closed
     */
    Future<PreparedPrompt> prepare(Prompt prompt);

    /**
     * Starts a generation. The caller stays within {@link ModelFacts#sequences()} and {@link ModelFacts#cells()}. The
     * place is in use from this call to the end that the sink gets.
     *
     * @param prepared a result of {@link #prepare} of this engine
     * @param sink is called on the calling context, never from within this call
     */
    GenerationHandle start(PreparedPrompt prepared, Sink sink);

    /** Ends what runs (each sink gets its end) and releases everything. Idempotent. */
    Future<Void> close();
}
