package dev.runnel.engine.llama;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.GenerationHandle;
import dev.runnel.engine.ModelFacts;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Sink;
import dev.runnel.model.ModelStore;
import dev.runnel.model.ModelUnavailableException;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model on llama.cpp. Called on any event loop; the work is done by the threads of the {@link EngineRoom}, and what they
 * have to tell comes back to the calling context.
 */
final class LlamaEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(LlamaEngine.class);
    private static final long FETCH_ENDS_SECONDS = 5;

    private final ModelConfig config;
    private final LlamaSettings settings;
    private final EngineEnvironment environment;
    private final EngineRoom room;

    private EngineRoom.@Nullable SharedThreads crew;
    private @Nullable Thread fetching;
    private @Nullable Future<Void> fetched;
    private @Nullable Future<Void> closed;
    private volatile @Nullable Opened opened;

    /** What there is once the model is loaded. */
    private record Opened(EngineRoom.SharedThreads crew, PromptReader reader, BatchLoop loop, ModelFacts facts) {}

    LlamaEngine(ModelConfig config, LlamaSettings settings, EngineEnvironment environment, EngineRoom room) {
        this.config = config;
        this.settings = settings;
        this.environment = environment;
        this.room = room;
    }

    @Override
    public synchronized Future<ModelFacts> open() {
        if (crew != null || closed != null) {
            return Future.failedFuture("the engine was opened or closed before");
        }
        EngineRoom.SharedThreads entered = room.enter();
        crew = entered;
        Answer<ModelFacts> answer = new Answer<>(environment.vertx());
        Answer<Void> over = new Answer<>(environment.vertx());
        Thread thread = new Thread(() -> fetch(entered, answer, over), "runnel-llama-fetch");
        thread.setDaemon(true);
        fetching = thread;
        fetched = over.future();
        thread.start();
        return answer.future();
    }

    private void fetch(EngineRoom.SharedThreads entered, Answer<ModelFacts> answer, Answer<Void> over) {
        try {
            fetch(entered, answer);
        } finally {
            over.complete(null);
        }
    }

    private void fetch(EngineRoom.SharedThreads entered, Answer<ModelFacts> answer) {
        try {
            ModelStore store = new ModelStore(environment.dataDirectory(), environment.listener());
            Path file = store.fetch(config.name(), settings.file());
            if (!entered.engine().submit(() -> load(entered, file, answer))) {
                answer.fail("the engine was closed while it was opened");
            }
        } catch (ModelUnavailableException e) {
            LOG.debug("no file for {}", config.name(), e);
            answer.fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.error("the file of {} cannot be had", config.name(), e);
            answer.fail("the model's file cannot be had: " + e);
        }
    }

    private void load(EngineRoom.SharedThreads entered, Path file, Answer<ModelFacts> answer) {
        if (isClosed()) {
            answer.fail("the engine was closed while it was opened");
            return;
        }
        try {
            NativeLog log = NativeLlama.load(environment.dataDirectory());
            Opened fresh = open(entered, LlamaModel.load(file, log));
            entered.engine().add(fresh.loop());
            opened = fresh;
            answer.complete(fresh.facts());
        } catch (LlamaUnavailableException e) {
            LOG.debug("{} does not load", config.name(), e);
            answer.fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.error("{} does not load", config.name(), e);
            answer.fail("the model does not load: " + e);
        }
    }

    private Opened open(EngineRoom.SharedThreads entered, LlamaModel model) throws LlamaUnavailableException {
        BatchLoop loop = null;
        try {
            PromptReader reader = PromptReader.of(model, config);
            loop = new BatchLoop(model, settings);
            loop.evaluateBeginning(reader.sharedBeginning());
            return new Opened(entered, reader, loop, loop.facts());
        } catch (LlamaUnavailableException | RuntimeException e) {
            if (loop == null) {
                model.close();
            } else {
                loop.close();
            }
            throw e;
        }
    }

    private synchronized boolean isClosed() {
        return closed != null;
    }

    @Override
    public Future<PreparedPrompt> prepare(Prompt prompt) {
        Opened present = opened;
        if (present == null) {
            return Future.failedFuture(new GenerationException(gone()));
        }
        Answer<PreparedPrompt> answer = new Answer<>(environment.vertx());
        if (!present.crew().tokenizer().submit(() -> read(present, prompt, answer))) {
            return Future.failedFuture(new GenerationException(
                    isClosed() ? gone() : Failure.full("too many prompts wait to be read; try again soon", 1)));
        }
        return answer.future();
    }

    private void read(Opened present, Prompt prompt, Answer<PreparedPrompt> answer) {
        try {
            answer.complete(present.reader().read(prompt, present.facts().contextTokens()));
        } catch (GenerationException e) {
            answer.fail(e);
        } catch (RuntimeException | Error e) {
            LOG.error("a prompt cannot be read by {}", config.name(), e);
            answer.fail(new GenerationException(
                    Failure.of(FailureCode.ENGINE_FAILED, "the engine failed to read the prompt")));
        }
    }

    @Override
    public GenerationHandle start(PreparedPrompt prepared, Sink sink) {
        Context context = environment.vertx().getOrCreateContext();
        Sequence sequence = new Sequence((TokenizedPrompt) prepared, sink, context);
        Opened present = opened;
        if (present == null
                || !present.crew().engine().submit(() -> present.loop().start(sequence))) {
            context.runOnContext(hop -> sink.failed(gone()));
            return () -> {};
        }
        return () -> {
            if (sequence.cancel()) {
                present.crew().engine().submit(() -> present.loop().cancel(sequence));
            }
        };
    }

    private static Failure gone() {
        return Failure.of(FailureCode.MODEL_UNAVAILABLE, "the model is not there now; try again later");
    }

    @Override
    public synchronized Future<Void> close() {
        Future<Void> before = closed;
        if (before != null) {
            return before;
        }
        EngineRoom.SharedThreads present = crew;
        Answer<Void> answer = new Answer<>(environment.vertx());
        closed = answer.future();
        if (present == null) {
            answer.complete(null);
            return answer.future();
        }
        Objects.requireNonNull(fetching).interrupt();
        present.engine().submit(() -> free(present, answer));
        room.leave();
        // Who ends the process behind this would leave the program running that fetches. It ends soon, or is stuck.
        Future<Void> over = Objects.requireNonNull(fetched)
                .timeout(FETCH_ENDS_SECONDS, TimeUnit.SECONDS)
                .otherwiseEmpty();
        Future<Void> both = Future.join(answer.future(), over).mapEmpty();
        closed = both;
        return both;
    }

    private void free(EngineRoom.SharedThreads present, Answer<Void> answer) {
        Opened last = opened;
        opened = null;
        if (last != null) {
            present.engine().remove(last.loop());
            last.loop().close();
        }
        answer.complete(null);
    }

    /** What is taken of the context, after what is kept for later was dropped if {@code dropKept}; for tests. */
    Future<CacheUse> use(boolean dropKept) {
        Opened present = Objects.requireNonNull(opened);
        Answer<CacheUse> answer = new Answer<>(environment.vertx());
        present.crew().engine().submit(() -> {
            if (dropKept) {
                present.loop().dropKept();
            }
            answer.complete(present.loop().use());
        });
        return answer.future();
    }

    /** An outcome that another thread brings to the context of whoever asked. */
    private static final class Answer<T> {

        private final Context context;
        private final Promise<T> promise = Promise.promise();

        Answer(Vertx vertx) {
            context = vertx.getOrCreateContext();
        }

        Future<T> future() {
            return promise.future();
        }

        void complete(@Nullable T value) {
            bring(() -> promise.complete(value));
        }

        void fail(String line) {
            bring(() -> promise.fail(line));
        }

        void fail(Throwable cause) {
            bring(() -> promise.fail(cause));
        }

        private void bring(Runnable outcome) {
            try {
                context.runOnContext(hop -> outcome.run());
            } catch (RuntimeException e) {
                LOG.debug("the event loop is gone, and with it whoever asked", e);
            }
        }
    }
}
