package dev.runnel.engine.llama;

import dev.runnel.engine.ModelFacts;
import dev.runnel.engine.grammar.Grammar;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs all generations of one model in steps. One step evaluates the next token of each generation and pieces of
 * prompts. Owns all native objects of its model. Engine thread only.
 */
final class BatchLoop {

    private static final Logger LOG = LoggerFactory.getLogger(BatchLoop.class);
    /** llama.cpp moves a limited number of cells per call. */
    private static final int MAX_DEFRAGMENTATIONS = 4;

    private final LlamaModel model;
    private final OwningThread owner = OwningThread.current();
    private final int places;
    private final LlamaContext context;
    private final StepBatch batch;
    private final TextCache cache;
    private final StepPlanner planner;
    private final Candidates candidates;
    private final SinkBatch calls = new SinkBatch();
    /** The oldest first. */
    private final List<Sequence> sequences = new ArrayList<>();

    private boolean closed;

    /**
     * Creates the model's context. {@link #close} closes the model too; if the constructor fails, the model stays open.
     */
    BatchLoop(LlamaModel model, LlamaSettings settings) throws LlamaUnavailableException {
        this.model = model;
        this.places = settings.sequences();
        int stepTokens = Math.min(settings.stepTokens(), settings.contextCells() / 2);
        int mostTokens = StepPlanner.mostTokens(stepTokens, places);
        int ids = TextCache.sequencesFor(places);
        this.context = LlamaContext.create(model, settings, ids, mostTokens);
        this.batch = new StepBatch(mostTokens);
        this.cache = new TextCache(context, ids);
        this.planner = new StepPlanner(cache, stepTokens, model.width());
        this.candidates = new Candidates(model.vocabulary());
    }

    /**
     * Evaluates the prefix that all prompts share, once; it stays in the context. Also loads the weights into memory.
     */
    void evaluatePrefix(int[] tokens) throws LlamaUnavailableException {
        assert owner.isCurrent();
        if (tokens.length == 0 || tokens.length > cache.cells() / 2) {
            return;
        }
        CachedText text = cache.open(tokens, tokens.length);
        while (text.pending() > 0) {
            batch.clear();
            int count = Math.min(text.pending(), batch.room());
            for (int i = 0; i < count; i++) {
                int position = text.evaluated() + i;
                batch.add(tokens[position], position, text.sequence(), i == count - 1);
            }
            int status = context.decode(batch);
            if (status != 0) {
                throw new LlamaUnavailableException("the model loads but does not work: llama_decode gives " + status);
            }
            text.advance(count);
        }
        cache.keepAsPrefix(text);
    }

    ModelFacts facts() {
        assert owner.isCurrent();
        int contextTokens = Math.min(model.trainedContext(), cache.cells());
        return new ModelFacts(
                contextTokens,
                places,
                cache.cells(),
                (long) contextTokens * model.vocabulary().longestTokenBytes());
    }

    /** Starts a generation, or fails it if the caller exceeds the limits of {@link #facts}. */
    void start(Sequence sequence) {
        assert owner.isCurrent();
        if (closed) {
            sequence.fail(stopping(), calls);
        } else if (sequences.size() == places
                || cache.reserved() + sequence.prompt().cells() > cache.cells()) {
            sequence.fail(Failure.full("every place of the model is in use; try again soon", 1), calls);
        } else {
            accept(sequence);
        }
        calls.send();
    }

    private void accept(Sequence sequence) {
        if (sequence.prompt().isSpent()) {
            sequence.complete(FinishReason.LENGTH, calls);
            return;
        }
        CachedText text =
                cache.open(sequence.prompt().allTokens(), sequence.prompt().cells());
        try {
            sequence.open(text, model.vocabulary(), grammarOf(sequence.prompt()));
            sequences.add(sequence);
        } catch (RuntimeException e) {
            LOG.error("a generation cannot start", e);
            sequence.close();
            cache.discard(text);
            sequence.fail(engineFailed(), calls);
        }
    }

    private @Nullable GrammarSampler grammarOf(TokenizedPrompt prompt) {
        Grammar grammar = prompt.grammar();
        return grammar == null ? null : new GrammarSampler(grammar, model.vocabulary(), candidates);
    }

    /** Cancels a generation unless it has ended. */
    void cancel(Sequence sequence) {
        assert owner.isCurrent();
        if (sequences.contains(sequence)) {
            end(sequence, FinishReason.CANCELLED);
            calls.send();
        }
    }

    boolean hasWork() {
        assert owner.isCurrent();
        return !sequences.isEmpty();
    }

    /** Evaluates one batch, and sends the results to the sinks. */
    void step() {
        assert owner.isCurrent();
        batch.clear();
        planner.plan(sequences, batch);
        if (batch.size() == 0) {
            throw new IllegalStateException("nothing to evaluate for " + sequences.size() + " generations");
        }
        int status = context.decode(batch);
        for (int i = 0; i < MAX_DEFRAGMENTATIONS && status != 0; i++) {
            // Accepted generations fit, so cells are free but not contiguous. llama.cpp reports that as 1 or -3.
            cache.dropKept();
            context.defragment();
            status = context.decode(batch);
        }
        if (status == 0) {
            sample();
        } else {
            LOG.error("llama_decode gives {} for {} tokens of {} generations", status, batch.size(), sequences.size());
            failAll(sequences.stream().filter(Sequence::isPlanned).toList(), engineFailed());
        }
        calls.send();
    }

    private void sample() {
        int sampled = 0;
        for (Sequence sequence : List.copyOf(sequences)) {
            sequence.endStep();
            if (sequence.hasLogits()) {
                FinishReason end = sequence.sample(context, model.vocabulary(), calls);
                sampled++;
                if (sequence.contradicts()) {
                    failAll(List.of(sequence), otherText());
                } else if (end != null) {
                    end(sequence, end);
                }
            }
        }
        cache.sampled(sampled);
    }

    /** The only end of a generation that did not fail. Its place is free before the sink is notified. */
    private void end(Sequence sequence, FinishReason reason) {
        sequences.remove(sequence);
        sequence.close();
        cache.close(sequence.text());
        sequence.complete(reason, calls);
    }

    private void failAll(List<Sequence> failed, Failure failure) {
        for (Sequence sequence : List.copyOf(failed)) {
            sequences.remove(sequence);
            sequence.close();
            cache.discard(sequence.text());
            sequence.fail(failure, calls);
        }
    }

    /** Fails every generation, once: after an exception their state is unknown. The next generation starts fresh. */
    void abandon(Throwable cause) {
        assert owner.isCurrent();
        LOG.error("the engine failed; {} generations end", sequences.size(), cause);
        failAll(sequences, engineFailed());
        calls.send();
    }

    private static Failure engineFailed() {
        return Failure.of(FailureCode.ENGINE_FAILED, "the engine failed; try again");
    }

    private static Failure otherText() {
        return Failure.notContinued("this node generates another text than the one so far; try again");
    }

    private static Failure stopping() {
        return Failure.of(FailureCode.DRAINING, "the service is stopping; try again soon");
    }

    /** Fails all generations and frees all native objects, in the order that llama.cpp requires. Idempotent. */
    void close() {
        assert owner.isCurrent();
        if (closed) {
            return;
        }
        closed = true;
        failAll(sequences, stopping());
        calls.send();
        context.close();
        batch.close();
        candidates.close();
        model.close();
    }

    /** For tests: the use of the context. */
    CacheUse use() {
        assert owner.isCurrent();
        return cache.use();
    }

    /** For tests: frees the texts that are kept for reuse. */
    void dropKept() {
        assert owner.isCurrent();
        cache.dropKept();
    }
}
