package dev.runnel.generator;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Completion;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineProvider;
import dev.runnel.engine.GenerationHandle;
import dev.runnel.engine.ModelFacts;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Sink;
import dev.runnel.text.EscapedText;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An engine that the test controls; it may break the rules. Its model is called {@code played}. */
final class PlayedEngine implements Engine, EngineProvider {

    static final Usage USAGE = new Usage(5, 7, false);

    private final ModelFacts facts;
    private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
    private volatile boolean throwsAtStart;
    private volatile boolean throwsAtPrepare;

    PlayedEngine(int sequences, int cells) {
        this.facts = new ModelFacts(0, sequences, cells);
    }

    void throwAtStart() {
        throwsAtStart = true;
    }

    void throwAtPrepare() {
        throwsAtPrepare = true;
    }

    /** The next generation that was started. */
    Part nextPart() throws InterruptedException {
        Part part = parts.poll(10, TimeUnit.SECONDS);
        if (part == null) {
            throw new AssertionError("no generation was started");
        }
        return part;
    }

    boolean nothingIsStarted() {
        return parts.isEmpty();
    }

    /** One generation, as the engine sees it. */
    static final class Part implements GenerationHandle {

        private final Sink sink;
        private final Context context;
        private final BlockingQueue<String> cancels = new LinkedBlockingQueue<>();

        Part(Sink sink, Context context) {
            this.sink = sink;
            this.context = context;
        }

        @Override
        public void cancel() {
            cancels.add("cancel");
        }

        void awaitCancel() throws InterruptedException {
            if (cancels.poll(10, TimeUnit.SECONDS) == null) {
                throw new AssertionError("not cancelled");
            }
        }

        boolean isCancelled() {
            return !cancels.isEmpty();
        }

        void say(String text, int tokens) {
            context.runOnContext(now -> sink.piece(EscapedText.of(text), tokens));
        }

        void complete(FinishReason reason) {
            context.runOnContext(now -> sink.completed(new Completion(reason, USAGE)));
        }
    }

    @Override
    public Future<ModelFacts> open() {
        return Future.succeededFuture(facts);
    }

    /** A prompt uses as many cells as it asks for tokens. */
    @Override
    public Future<PreparedPrompt> prepare(Prompt prompt) {
        if (throwsAtPrepare) {
            throw new IllegalStateException("played");
        }
        return Future.succeededFuture(prompt::maxTokens);
    }

    @Override
    public GenerationHandle start(PreparedPrompt prepared, Sink sink) {
        if (throwsAtStart) {
            // As natives do that do not fit.
            throw new LinkageError("played");
        }
        var part = new Part(sink, Vertx.currentContext());
        parts.add(part);
        return part;
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    @Override
    public String name() {
        return "played";
    }

    @Override
    public List<String> complaints(ModelConfig model) {
        return List.of();
    }

    @Override
    public Map<String, Engine> create(List<ModelConfig> models, EngineEnvironment environment) {
        return Map.of("played", this);
    }
}
