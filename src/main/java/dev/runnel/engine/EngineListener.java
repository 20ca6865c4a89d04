package dev.runnel.engine;

import dev.runnel.model.FetchListener;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Receives what an engine reports, the fetch of its model included. Called on any thread; must not block. */
public interface EngineListener extends FetchListener {

    /** Ignores every report. */
    EngineListener SILENT = new EngineListener() {};

    /**
     * The file of a model is there, and the engine starts to load it.
     *
     * @param model the model
     */
    default void loading(String model) {}

    /**
     * There is an upstream server. Called once for each, before any other call about it.
     *
     * @param model the model that it serves
     * @param upstream its name in the configuration
     * @param running the number of its requests that are under way now; read on any thread
     * @param available whether requests go to it as usual now; read on any thread
     */
    default void upstreamKnown(String model, String upstream, IntSupplier running, BooleanSupplier available) {}

    /**
     * A request to an upstream server has ended. A generation makes one, and one more for each retry.
     *
     * @param model the model that it serves
     * @param upstream its name in the configuration
     * @param outcome how it ended
     */
    default void upstreamAnswered(String model, String upstream, UpstreamOutcome outcome) {}

    /**
     * A generation continues with another upstream server, since this one failed before its first token.
     *
     * @param model the model that it serves
     * @param upstream the name of the one that failed
     */
    default void upstreamRetried(String model, String upstream) {}

    /**
     * An upstream server failed and gets no requests for a while.
     *
     * @param model the model that it serves
     * @param upstream its name in the configuration
     * @param pause until it gets one request as a trial
     */
    default void upstreamCircuitOpened(String model, String upstream, Duration pause) {}
}
