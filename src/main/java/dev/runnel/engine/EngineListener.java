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
     * There is an upstream server. Told of each once, before anything else about it.
     *
     * @param running its requests that are under way now; any thread
     * @param available whether requests go to it as usual now; any thread
     */
    default void upstreamKnown(String model, String upstream, IntSupplier running, BooleanSupplier available) {}

    /**
     * A request to an upstream server is over. A generation makes one, and one more for each retry.
     *
     * @param upstream its name, one of those in the configuration
     */
    default void upstreamAnswered(String model, String upstream, UpstreamOutcome outcome) {}

    /** A generation goes on with another upstream server, since this one failed before its first token. */
    default void upstreamRetried(String model, String upstream) {}

    /**
     * An upstream server failed, and its circuit breaker opened.
     *
     * @param pause until it is half-open: one request tries the upstream
     */
    default void upstreamCircuitOpened(String model, String upstream, Duration pause) {}
}
