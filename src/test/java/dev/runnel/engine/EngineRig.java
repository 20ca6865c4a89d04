package dev.runnel.engine;

import dev.runnel.Loop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An opened engine and the event loop that calls it. */
public final class EngineRig implements AutoCloseable {

    private static final int SECONDS = 20;

    private final Loop loop;
    private final Engine engine;
    private final ModelFacts facts;

    /** Closing it closes the engine, and leaves Vert.x as it is. */
    public EngineRig(Vertx vertx, Engine engine) throws TimeoutException {
        this.loop = new Loop(vertx);
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
        loop.run(action);
    }

    public <T> T onLoop(Callable<Future<T>> action) throws TimeoutException {
        return loop.call(action);
    }

    @Override
    public void close() throws TimeoutException {
        engine.close().await(SECONDS, TimeUnit.SECONDS);
    }
}
