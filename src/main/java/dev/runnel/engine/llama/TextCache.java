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
 * Assigns the cells of the context to texts. A running text reserves the most cells that it may need. The prefix that
 * all prompts share is never freed. Ended texts are kept until their cells are needed; the least recently used is freed
 * first. A new text shares its common prefix with any of these. Engine thread only.
 */
final class TextCache {

    /**
     * While a text runs, kept texts use at most this fraction (1/8) of all cells: 1,000 cells slow every step by 8 %
     * (default model). An idle engine has no steps, so it keeps every text, and with it a long conversation until its
     * next turn.
     */
    private static final int KEPT_PART = 8;

    /**
     * A kept text is dropped if it is not used again while so many tokens are sampled. Until then, keeping n tokens
     * costs less than a tenth of computing them again. On an idle engine keeping them costs nothing.
     */
    private static final long KEPT_FOR_TOKENS = 400;

    private final LlamaContext context;
    private final OwningThread owner = OwningThread.current();
    private final int cells;
    private final Deque<Integer> freeSequences = new ArrayDeque<>();
    private final List<CachedText> running = new ArrayList<>();
    /** The least recently used first. */
    private final Deque<Kept> kept = new ArrayDeque<>();

    private @Nullable CachedText prefix;
    private long sampledTokens;

    private record Kept(CachedText text, long dropAt) {}

    /** @param sequences the number of sequence ids; see {@link #sequencesFor} */
    TextCache(LlamaContext context, int sequences) {
        this.context = context;
        this.cells = context.cells();
        IntStream.range(0, sequences).forEach(freeSequences::add);
    }

    /** The sequence ids that are needed for so many running texts, as many kept ones, and the shared prefix. */
    static int sequencesFor(int running) {
        return 2 * running + 1;
    }

    /** The cells that running texts may reserve in all. */
    int cells() {
        return prefix == null ? cells : cells - prefix.reserved();
    }

    /**
     * Opens a text and reserves its cells; kept texts are dropped for it if needed. The caller respects both limits.
     */
    CachedText open(int[] tokens, int reserved) {
        assert owner.isCurrent();
        while (!kept.isEmpty() && (freeSequences.isEmpty() || reserved + usedCells() > cells)) {
            drop(kept.removeFirst());
        }
        if (freeSequences.isEmpty() || reserved + usedCells() > cells) {
            throw new IllegalStateException("no room for " + reserved + " cells: " + usedCells() + " of " + cells
                    + " are used by " + running.size() + " texts");
        }
        CachedText text = new CachedText(freeSequences.removeFirst(), tokens, reserved);
        running.add(text);
        return text;
    }

    private int usedCells() {
        return reserved() + keptCells() + (prefix == null ? 0 : prefix.reserved());
    }

    /** The cells that running texts have reserved. */
    int reserved() {
        return running.stream().mapToInt(CachedText::reserved).sum();
    }

    private int keptCells() {
        return kept.stream().mapToInt(k -> k.text.evaluated()).sum();
    }

    /** Makes an evaluated text, which {@link #open} returned, the shared prefix. It is never freed. */
    void keepAsPrefix(CachedText text) {
        running.remove(text);
        prefix = text;
    }

    /**
     * Shares with an empty text its longest common prefix with another text. The last token is never shared: it must be
     * evaluated, because sampling needs its logits.
     *
     * @param alike whether the result must be the same each time: then only the shared prefix of all prompts is used,
     *     and kept texts are dropped
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

    /** The number of tokens that {@link #share} would share with the text now. */
    int sharable(CachedText text) {
        return mostLike(text).map(source -> common(text, source)).orElse(0);
    }

    private Optional<CachedText> mostLike(CachedText text) {
        return sources(text).stream()
                .filter(source -> common(text, source) > 0)
                .max(Comparator.comparingInt(source -> common(text, source)));
    }

    private int common(CachedText text, CachedText source) {
        int common = text.sharedWith(source, text.length() - 1, source.evaluated());
        return common == source.evaluated() || sharesParts(source.evaluated()) ? common : 0;
    }

    /** Whether the start of a text of this length can be shared without its end. */
    boolean sharesParts(int length) {
        return length <= context.longestInParts();
    }

    private List<CachedText> sources(CachedText text) {
        List<CachedText> sources = new ArrayList<>();
        if (prefix != null) {
            sources.add(prefix);
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

    /** Ends a text and its reservation. Its cells are kept for reuse. */
    void close(CachedText text) {
        assert owner.isCurrent();
        running.remove(text);
        if (text.evaluated() == 0) {
            free(text);
        } else {
            kept.addLast(new Kept(text, sampledTokens + KEPT_FOR_TOKENS));
        }
    }

    /** Ends a text whose cells are in an unknown state. */
    void discard(CachedText text) {
        assert owner.isCurrent();
        running.remove(text);
        free(text);
    }

    /**
     * Ends a step that sampled so many tokens. Drops the kept texts that are too old and, while a text runs, those that
     * are too many.
     */
    void sampled(int tokens) {
        assert owner.isCurrent();
        sampledTokens += tokens;
        while (!kept.isEmpty() && kept.getFirst().dropAt < sampledTokens) {
            drop(kept.removeFirst());
        }
        if (!running.isEmpty()) {
            dropExcess();
        }
    }

    /** Drops texts that are too long by themselves, so that they displace no other, and then the oldest. */
    private void dropExcess() {
        int most = cells / KEPT_PART;
        List<Kept> tooLong =
                kept.stream().filter(k -> k.text.evaluated() > most).toList();
        tooLong.forEach(this::drop);
        kept.removeAll(tooLong);
        while (keptCells() > most) {
            drop(kept.removeFirst());
        }
    }

    /** Frees all kept texts. */
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

    /** For tests: the use of the context. */
    CacheUse use() {
        return new CacheUse(running.size(), reserved(), prefix == null ? 0 : prefix.reserved(), context.usedCells());
    }
}
