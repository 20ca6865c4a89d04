package dev.runnel.engine.llama;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Who has which cells of the context. A running text has the cells that it may need in the end reserved. The beginning that
 * all prompts share stays for ever; texts that have ended stay while nobody needs their cells, the least recently used goes
 * first. A text shares what it has in common with any of these. Engine thread only.
 */
final class TextCache {

    /** Kept texts make every step slower, by 8 % for 1,000 cells (default model), so they get this part of all at most. */
    private static final int KEPT_PART = 8;

    /**
     * How many tokens are sampled until a kept text that nobody asked for again is dropped. Keeping n tokens costs less than
     * a tenth of what computing them again does, by then; an idle engine keeps them for nothing.
     */
    private static final long KEPT_FOR_TOKENS = 400;

    private final LlamaContext context;
    private final OwningThread owner = OwningThread.current();
    private final int cells;
    private final Deque<Integer> freeSequences = new ArrayDeque<>();
    private final List<CachedText> running = new ArrayList<>();
    /** The least recently used first. */
    private final Deque<Kept> kept = new ArrayDeque<>();

    private @Nullable CachedText beginning;
    private long sampledTokens;

    private record Kept(CachedText text, long dropAt) {}

    /** @param sequences how many ids there are; see {@link #sequencesFor} */
    TextCache(LlamaContext context, int sequences) {
        this.context = context;
        this.cells = context.cells();
        IntStream.range(0, sequences).forEach(freeSequences::add);
    }

    /** How many sequence ids it takes to run so many texts, keep as many, and hold the beginning of all. */
    static int sequencesFor(int running) {
        return 2 * running + 1;
    }

    /** What running texts may reserve together. */
    int cells() {
        return beginning == null ? cells : cells - beginning.reserved();
    }

    /** Takes a sequence and reserves cells, from kept texts where no others are free. The caller keeps within both limits. */
    CachedText open(int[] tokens, int reserved) {
        assert owner.isCurrent();
        while (!kept.isEmpty() && (freeSequences.isEmpty() || reserved + taken() > cells)) {
            drop(kept.removeFirst());
        }
        if (freeSequences.isEmpty() || reserved + taken() > cells) {
            throw new IllegalStateException("no room for " + reserved + " cells: " + taken() + " of " + cells
                    + " taken by " + running.size() + " texts");
        }
        CachedText text = new CachedText(freeSequences.removeFirst(), tokens, reserved);
        running.add(text);
        return text;
    }

    private int taken() {
        return reserved() + keptCells() + (beginning == null ? 0 : beginning.reserved());
    }

    /** What running texts have reserved. */
    int reserved() {
        return running.stream().mapToInt(CachedText::reserved).sum();
    }

    private int keptCells() {
        return kept.stream().mapToInt(k -> k.text.evaluated()).sum();
    }

    /** Lets an evaluated text be the beginning that stays for ever; it was opened here. */
    void keepAsBeginning(CachedText text) {
        running.remove(text);
        beginning = text;
    }

    /**
     * Gives an empty text what it has in common with another one, but for its last token, which must be evaluated to go on.
     *
     * @param alike whether all must be as it was the last time: then it shares the beginning only, and what is kept goes
     */
    void share(CachedText text, boolean alike) {
        assert owner.isCurrent();
        if (alike) {
            dropKept();
            context.fillFromTheFront(text.sequence());
        }
        mostLike(text).ifPresent(source -> {
            int common = common(text, source);
            context.share(source.sequence(), text.sequence(), common);
            text.advance(common);
            touch(source);
        });
    }

    /** How many tokens {@link #share} would give the text now. */
    int sharable(CachedText text) {
        return mostLike(text).map(source -> common(text, source)).orElse(0);
    }

    private Optional<CachedText> mostLike(CachedText text) {
        return sources(text).stream()
                .filter(source -> common(text, source) > 0)
                .max(Comparator.comparingInt(source -> common(text, source)));
    }

    private static int common(CachedText text, CachedText source) {
        return text.sharedWith(source, text.length() - 1, source.evaluated());
    }

    private List<CachedText> sources(CachedText text) {
        List<CachedText> sources = new ArrayList<>();
        if (beginning != null) {
            sources.add(beginning);
        }
        running.stream().filter(other -> other != text).forEach(sources::add);
        kept.forEach(k -> sources.add(k.text));
        return sources;
    }

    private void touch(CachedText text) {
        if (kept.removeIf(k -> k.text == text)) {
            kept.addLast(new Kept(text, sampledTokens + KEPT_FOR_TOKENS));
        }
    }

    /** Ends a text: its reservation is over, and its cells are kept for others if that is worth it. */
    void close(CachedText text) {
        assert owner.isCurrent();
        running.remove(text);
        int most = cells / KEPT_PART;
        if (text.evaluated() == 0 || text.evaluated() > most) {
            free(text);
            return;
        }
        kept.addLast(new Kept(text, sampledTokens + KEPT_FOR_TOKENS));
        while (keptCells() > most) {
            drop(kept.removeFirst());
        }
    }

    /** Ends a text of which nobody knows what its cells hold. */
    void discard(CachedText text) {
        assert owner.isCurrent();
        running.remove(text);
        free(text);
    }

    /** Counts sampled tokens, by which kept texts grow old. */
    void sampled(int tokens) {
        assert owner.isCurrent();
        sampledTokens += tokens;
        while (!kept.isEmpty() && kept.getFirst().dropAt < sampledTokens) {
            drop(kept.removeFirst());
        }
    }

    /** Frees all that is kept for nobody in particular. */
    void dropKept() {
        kept.forEach(this::drop);
        kept.clear();
    }

    private void drop(Kept old) {
        free(old.text);
    }

    private void free(CachedText text) {
        context.remove(text.sequence());
        freeSequences.addLast(text.sequence());
    }

    /** What is taken, for tests. */
    CacheUse use() {
        return new CacheUse(
                running.size(), reserved(), beginning == null ? 0 : beginning.reserved(), context.usedCells());
    }
}
