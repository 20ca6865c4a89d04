package dev.runnel.engine.llama;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of one step to the sinks. They are collected and then sent to each context in one hop, because a hop costs
 * more than the calls. Engine thread only.
 */
final class SinkBatch {

    private static final Logger LOG = LoggerFactory.getLogger(SinkBatch.class);

    private final OwningThread owner = OwningThread.current();
    private final Map<Context, List<Runnable>> due = new LinkedHashMap<>();

    void add(Context context, Runnable call) {
        assert owner.isCurrent();
        due.computeIfAbsent(context, c -> new ArrayList<>()).add(call);
    }

    /** Sends all calls. Calls to one context run there in the order of {@link #add}. */
    void send() {
        assert owner.isCurrent();
        due.forEach(SinkBatch::send);
        due.clear();
    }

    private static void send(Context context, List<Runnable> calls) {
        try {
            context.runOnContext(hop -> calls.forEach(SinkBatch::call));
        } catch (RuntimeException e) {
            LOG.debug("the event loop is closed; its sinks are not called", e);
        }
    }

    /** A sink that fails must not affect other sinks. */
    private static void call(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a sink failed", e);
        }
    }
}
