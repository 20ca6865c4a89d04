package dev.runnel.engine;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** An opened engine and the event loop that calls it. */
public final class EngineRig implements AutoCloseable {

    private static final int SECONDS = 20;

    /** It is complete: what is composed with it runs on the event loop. */
    private final Future<Void> loop;

    private final Engine engine;
    private final ModelFacts facts;

    /** Closing it closes the engine, and leaves Vert.x as it is. */
    public EngineRig(Vertx vertx, Engine engine) throws TimeoutException {
        this.loop = ((ContextInternal) vertx.getOrCreateContext()).succeededFuture();
        this.engine = engine;
        this.facts = onLoop(engine::open);
    }

    public EngineRig(Vertx vertx, EngineUnderTest subject, Path directory) throws TimeoutException {
        this(vertx, subject.create(new EngineEnvironment(vertx, directory, EngineListener.SILENT)));
    }

    public Engine engine() {
        return engine;
    }

    public ModelFacts facts() {
        return facts;
    }

    public PreparedPrompt prepare(Prompt prompt) throws TimeoutException {
        return onLoop(() -> engine.prepare(prompt));
    }

    public Recording start(Prompt prompt) throws TimeoutException {
        return start(prompt, Integer.MAX_VALUE);
    }

    public Recording start(Prompt prompt, int cancelAt) throws TimeoutException {
        return onLoop(() -> engine.prepare(prompt).map(prepared -> Recording.start(engine, prepared, cancelAt)));
    }

    /** Starts as many as the model runs at once; each is cancelled at its {@code cancelAt}-th piece. */
    public List<Recording> startAll(Prompt prompt, int cancelAt) throws TimeoutException {
        List<Recording> recordings = new ArrayList<>();
        for (int i = 0; i < facts.sequences(); i++) {
            recordings.add(start(prompt, cancelAt));
        }
        return recordings;
    }

    public void run(Runnable action) throws TimeoutException {
        loop.andThen(turn -> action.run()).await(SECONDS, TimeUnit.SECONDS);
    }

    public <T> T onLoop(Supplier<Future<T>> action) throws TimeoutException {
        return loop.compose(turn -> action.get()).await(SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws TimeoutException {
        engine.close().await(SECONDS, TimeUnit.SECONDS);
    }
}
