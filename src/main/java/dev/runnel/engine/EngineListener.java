package dev.runnel.engine;

import dev.runnel.model.FetchListener;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Receives the events of an engine, the fetch of its model included. Called on any thread; must not block. */
public interface EngineListener extends FetchListener {

    /** Ignores every event. */
    EngineListener SILENT = new EngineListener() {};

    /**
     * There is an upstream server. Called once for each, before all other events of it.
     *
     * @param running the number of its requests in progress; any thread
     * @param available whether it gets requests as usual; any thread
     */
    default void upstreamKnown(String model, String upstream, IntSupplier running, BooleanSupplier available) {}

    /**
     * A request to an upstream server has ended. A generation makes one, and one more for each retry.
     *
     * @param upstream its name in the configuration
     */
    default void upstreamAnswered(String model, String upstream, UpstreamOutcome outcome) {}

    /** A generation changes to another upstream server, because this one failed before the first token. */
    default void upstreamRetried(String model, String upstream) {}

    /**
     * An upstream server failed and gets no requests for some time.
     *
     * @param pause the time until it gets one trial request
     */
    default void upstreamSetAside(String model, String upstream, Duration pause) {}
}
