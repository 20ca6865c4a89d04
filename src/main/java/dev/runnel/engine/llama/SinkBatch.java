package dev.runnel.engine.llama;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a step has to tell the sinks: collected, then taken to each context in one hop, since a hop costs more than what is
 * told. Engine thread only.
 */
final class SinkBatch {

    private static final Logger LOG = LoggerFactory.getLogger(SinkBatch.class);

    private final OwningThread owner = OwningThread.current();
    private final Map<Context, List<Runnable>> due = new LinkedHashMap<>();

    void add(Context context, Runnable call) {
        assert owner.isCurrent();
        due.computeIfAbsent(context, c -> new ArrayList<>()).add(call);
    }

    /** Sends all that was added. What goes to one context arrives there in the order of {@link #add}. */
    void send() {
        assert owner.isCurrent();
        due.forEach(SinkBatch::send);
        due.clear();
    }

    private static void send(Context context, List<Runnable> calls) {
        try {
            context.runOnContext(hop -> calls.forEach(SinkBatch::call));
        } catch (RuntimeException e) {
            LOG.debug("the event loop is gone, and with it whoever waited", e);
        }
    }

    /** One sink that fails must not take the others with it. */
    private static void call(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a sink failed", e);
        }
    }
}
