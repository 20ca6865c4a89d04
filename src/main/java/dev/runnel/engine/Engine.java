package dev.runnel.engine;

import io.vertx.core.Future;

/**
 * Produces text for one model. All methods are called on event-loop threads and never block. {@code close} may be
 * called at any time after {@code open}. Everything else is called only between a successful {@code open} and {@code
 * close}.
 */
public interface Engine {

    /**
     * Makes the model ready to generate; fetches it where needed.
     *
     * @return what the model can do; or a failure whose message is one clear line that says what to do
     */
    Future<ModelFacts> open();

    /**
     * Checks a prompt against the model and counts its cost, before the caller gets an answer.
     *
     * @param prompt what to generate from
     * @return completes on the calling context; fails with a {@link dev.runnel.text.GenerationException} where the
     *     request does not fit ({@code INVALID_REQUEST} with its {@code param}) or the engine is gone
     */
    Future<PreparedPrompt> prepare(Prompt prompt);

    /**
     * Starts a generation. The caller keeps within {@link ModelFacts#sequences()} and {@link ModelFacts#cells()}. A
     * place is occupied from this call to the sink's end.
     *
     * @param prepared the result of {@link #prepare} of this engine
     * @param sink is called on the calling context, never from within this call
     * @return cancels the generation
     */
    GenerationHandle start(PreparedPrompt prepared, Sink sink);

    /**
     * Ends what runs, so that each sink gets its end, and frees everything. A second call has no effect.
     *
     * @return completes when everything is freed
     */
    Future<Void> close();
}
