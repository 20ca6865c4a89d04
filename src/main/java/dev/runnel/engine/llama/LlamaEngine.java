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
import dev.runnel.model.PackageStore;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model on llama.cpp. Called on any event loop. The {@link SharedThreads} do the work; results come back to the
 * caller's context.
 */
final class LlamaEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(LlamaEngine.class);
    private static final long FETCH_ENDS_SECONDS = 5;
    private static final String CLOSED_WHILE_OPENING = "the engine was closed while it was opened";

    private final ModelConfig config;
    private final LlamaSettings settings;
    private final EngineEnvironment environment;
    private final OpenModels openModels;
    private final Natives natives;

    private @Nullable SharedThreads threads;
    private @Nullable Thread fetching;
    private @Nullable Future<Void> fetched;
    private @Nullable Future<Void> closed;
    private volatile @Nullable Opened opened;

    /** What exists once the model is loaded. */
    private record Opened(SharedThreads threads, PromptReader reader, BatchLoop loop, ModelFacts facts) {}

    LlamaEngine(ModelConfig config, LlamaSettings settings, EngineEnvironment environment, OpenModels openModels) {
        this.config = config;
        this.settings = settings;
        this.environment = environment;
        this.openModels = openModels;
        PackageStore packages = new PackageStore(environment.dataDirectory(), environment.listener());
        this.natives = new Natives(environment.llama(), packages, environment.listener());
    }

    @Override
    public synchronized Future<ModelFacts> open() {
        if (threads != null || closed != null) {
            return Future.failedFuture("the engine was opened or closed before");
        }
        SharedThreads acquired = openModels.acquire();
        threads = acquired;
        ContextPromise<ModelFacts> facts = new ContextPromise<>(environment.vertx());
        ContextPromise<Void> fetchEnded = new ContextPromise<>(environment.vertx());
        Thread thread = new Thread(() -> fetch(acquired, facts, fetchEnded), "runnel-llama-fetch");
        thread.setDaemon(true);
        fetching = thread;
        fetched = fetchEnded.future();
        thread.start();
        return facts.future();
    }

    private void fetch(SharedThreads acquired, ContextPromise<ModelFacts> facts, ContextPromise<Void> fetchEnded) {
        try {
            fetch(acquired, facts);
        } finally {
            fetchEnded.complete(null);
        }
    }

    private void fetch(SharedThreads acquired, ContextPromise<ModelFacts> facts) {
        try {
            ModelStore store = new ModelStore(environment.dataDirectory(), environment.listener());
            Path file = store.fetch(config.name(), settings.file());
            Optional<Path> library = natives.folder(config.name(), file);
            if (!acquired.engine().submit(() -> load(acquired, file, library, facts))) {
                facts.fail(CLOSED_WHILE_OPENING);
            }
        } catch (ModelUnavailableException | LlamaUnavailableException e) {
            LOG.debug("no file for {}", config.name(), e);
            facts.fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.error("the file of {} is not available", config.name(), e);
            facts.fail("the model's file is not available: " + e);
        }
    }

    private void load(
            SharedThreads acquired, Path file, Optional<Path> libraryFolder, ContextPromise<ModelFacts> facts) {
        if (isClosed()) {
            facts.fail(CLOSED_WHILE_OPENING);
            return;
        }
        try {
            environment.listener().loading(config.name());
            LlamaLibrary library = libraryFolder.isPresent()
                    ? NativeLlama.inFolder(
                            libraryFolder.get(), environment.llama().natives())
                    : NativeLlama.bundled(environment.dataDirectory());
            Opened fresh = open(acquired, LlamaModel.load(file, library));
            acquired.engine().add(fresh.loop());
            opened = fresh;
            facts.complete(fresh.facts());
        } catch (LlamaUnavailableException e) {
            LOG.debug("{} does not load", config.name(), e);
            facts.fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.error("{} does not load", config.name(), e);
            facts.fail("the model does not load: " + e);
        }
    }

    private Opened open(SharedThreads acquired, LlamaModel model) throws LlamaUnavailableException {
        BatchLoop loop = null;
        try {
            PromptReader reader = PromptReader.of(model, config, settings.thinking());
            loop = new BatchLoop(model, settings);
            loop.evaluatePrefix(reader.sharedPrefix());
            return new Opened(acquired, reader, loop, loop.facts());
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
            return Future.failedFuture(new GenerationException(unavailable()));
        }
        ContextPromise<PreparedPrompt> prepared = new ContextPromise<>(environment.vertx());
        if (!present.threads().tokenizer().submit(() -> read(present, prompt, prepared))) {
            return Future.failedFuture(new GenerationException(
                    isClosed() ? unavailable() : Failure.full("too many prompts wait to be read; try again soon", 1)));
        }
        return prepared.future();
    }

    private void read(Opened present, Prompt prompt, ContextPromise<PreparedPrompt> prepared) {
        try {
            prepared.complete(present.reader().read(prompt, present.facts().contextTokens()));
        } catch (GenerationException e) {
            prepared.fail(e);
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed to read a prompt", config.name(), e);
            prepared.fail(new GenerationException(
                    Failure.of(FailureCode.ENGINE_FAILED, "the engine failed to read the prompt")));
        }
    }

    @Override
    public GenerationHandle start(PreparedPrompt prepared, Sink sink) {
        Context context = environment.vertx().getOrCreateContext();
        Sequence sequence = new Sequence((TokenizedPrompt) prepared, sink, context);
        Opened present = opened;
        if (present == null
                || !present.threads().engine().submit(() -> present.loop().start(sequence))) {
            context.runOnContext(hop -> sink.failed(unavailable()));
            return () -> {};
        }
        return () -> {
            if (sequence.cancel()) {
                present.threads().engine().submit(() -> present.loop().cancel(sequence));
            }
        };
    }

    private static Failure unavailable() {
        return Failure.of(FailureCode.MODEL_UNAVAILABLE, "the model is not available now; try again later");
    }

    @Override
    public synchronized Future<Void> close() {
        Future<Void> before = closed;
        if (before != null) {
            return before;
        }
        SharedThreads present = threads;
        ContextPromise<Void> freed = new ContextPromise<>(environment.vertx());
        closed = freed.future();
        if (present == null) {
            freed.complete(null);
            return freed.future();
        }
        Objects.requireNonNull(fetching).interrupt();
        present.engine().submit(() -> free(present, freed));
        openModels.release();
        // A process that ends right after this would leave the pip that fetches running. The fetch ends soon, or hangs.
        Future<Void> fetchEnded = Objects.requireNonNull(fetched)
                .timeout(FETCH_ENDS_SECONDS, TimeUnit.SECONDS)
                .otherwiseEmpty();
        Future<Void> both = Future.join(freed.future(), fetchEnded).mapEmpty();
        closed = both;
        return both;
    }

    private void free(SharedThreads present, ContextPromise<Void> freed) {
        Opened last = opened;
        opened = null;
        if (last != null) {
            present.engine().remove(last.loop());
            last.loop().close();
        }
        freed.complete(null);
    }

    /** For tests: the use of the context, after the texts kept for reuse were dropped if {@code dropKept}. */
    Future<CacheUse> use(boolean dropKept) {
        Opened present = Objects.requireNonNull(opened);
        ContextPromise<CacheUse> use = new ContextPromise<>(environment.vertx());
        present.threads().engine().submit(() -> {
            if (dropKept) {
                present.loop().dropKept();
            }
            use.complete(present.loop().use());
        });
        return use.future();
    }
}
