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
import dev.runnel.text.Failure;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.PartKind;
import dev.runnel.text.Usage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An engine that the test controls; it may break the rules. Its model is called {@code played}. */
final class PlayedEngine implements Engine, EngineProvider {

    static final Usage USAGE = new Usage(5, 7, false);

    private final ModelFacts facts;
    private final BlockingQueue<Run> runs = new LinkedBlockingQueue<>();
    private volatile boolean throwsAtStart;
    private volatile boolean throwsAtPrepare;
    private volatile boolean holdsPreparations;
    private final BlockingQueue<Preparation> preparations = new LinkedBlockingQueue<>();

    PlayedEngine(int sequences, int cells) {
        this(new ModelFacts(0, sequences, cells));
    }

    PlayedEngine(ModelFacts facts) {
        this.facts = facts;
    }

    /** From now on a prompt is prepared when the test says so, see {@link #nextPreparation}. */
    void holdPreparations() {
        holdsPreparations = true;
    }

    /** The next prompt that the engine has got to prepare. */
    Preparation nextPreparation() throws InterruptedException {
        Preparation next = preparations.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no prompt to prepare");
        }
        return next;
    }

    boolean preparesNothing() {
        return preparations.isEmpty();
    }

    /** A prompt that is being prepared. */
    record Preparation(Prompt prompt, Promise<PreparedPrompt> promise) {

        String text() {
            return prompt.turns().get(0).content();
        }

        void refuse() {
            promise.fail(new GenerationException(Failure.invalid("prompt", "prompt: played")));
        }
    }

    void throwAtStart() {
        throwsAtStart = true;
    }

    void throwAtPrepare() {
        throwsAtPrepare = true;
    }

    /** The next generation that was started. */
    Run nextRun() throws InterruptedException {
        Run run = runs.poll(10, TimeUnit.SECONDS);
        if (run == null) {
            throw new AssertionError("no generation was started");
        }
        return run;
    }

    boolean nothingIsStarted() {
        return runs.isEmpty();
    }

    /** One generation, as the engine sees it. */
    static final class Run implements GenerationHandle {

        private final Sink sink;
        private final Context context;
        private final BlockingQueue<String> cancels = new LinkedBlockingQueue<>();

        Run(Sink sink, Context context) {
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

        void add(PartKind kind, String json, int tokens) {
            context.runOnContext(now -> sink.part(kind, json, tokens));
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
        if (!holdsPreparations) {
            return Future.succeededFuture(prompt::maxTokens);
        }
        Promise<PreparedPrompt> promise = ((ContextInternal) Vertx.currentContext()).promise();
        preparations.add(new Preparation(prompt, promise));
        return promise.future();
    }

    @Override
    public GenerationHandle start(PreparedPrompt prepared, Sink sink) {
        if (throwsAtStart) {
            // As natives do that do not fit.
            throw new LinkageError("played");
        }
        var run = new Run(sink, Vertx.currentContext());
        runs.add(run);
        return run;
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
