package dev.runnel.engine;

import io.vertx.core.Future;

/**
 * Produces text for one model. All methods are called on event-loop threads and never block. {@code close} may come at any
 * time after {@code open} was called; everything else only between a successful {@code open} and {@code close}.
 */
public interface Engine {

    /**
     * Makes the model ready to generate; fetches it where needed.
     *
     * @return what the model can do; or a failure whose message is one clear line that says what to do
     */
    Future<ModelFacts> open();

    /**
     * Checks a prompt against the model and counts what it takes, before anything is promised to the caller.
     *
     * @return completes on the calling context; fails with a {@link dev.runnel.text.GenerationException} where the request
     *     does not fit ({@code INVALID_REQUEST} with its {@code param}) or the engine is gone
     */
    Future<PreparedPrompt> prepare(Prompt prompt);

    /**
     * Starts a generation. The caller keeps within {@link ModelFacts#sequences()} and {@link ModelFacts#cells()}; a place is
     * taken from this call to the sink's end.
     *
     * @param prepared what {@link #prepare} of this engine gave
     * @param sink is called on the calling context, never from within this call
     */
    GenerationHandle start(PreparedPrompt prepared, Sink sink);

    /** Ends what runs (each sink gets its end) and frees everything. Idempotent. */
    Future<Void> close();
}
