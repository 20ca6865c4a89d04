package dev.runnel.resume;

import dev.runnel.config.ResumeConfig;
import dev.runnel.metric.ResumeMeters.Forgotten;
import dev.runnel.resume.KeptGeneration.Phase;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * The kept texts and their bounds. Over a bound, the oldest ended one without a reader is dropped first. A running one
 * is never dropped. One owner has at most half of each bound. Texts with readers may exceed that. Then they count as
 * half in the bound of all, so that their owner does not drop the texts of others. Under the lock of
 * {@link KeptGenerations}.
 */
final class KeptTexts {

    private final ResumeConfig config;
    private final BiConsumer<KeptGeneration, Forgotten> onForgotten;
    private final Map<String, KeptGeneration> byId = new HashMap<>();
    /** In the order of their ends. */
    private final Set<KeptGeneration> ended = new LinkedHashSet<>();

    private final Map<String, Share> owners = new HashMap<>();
    private final Share all = new Share();
    /** The bytes that the bound of all counts: of each owner, at most the owner's half. */
    private long boundedBytes;

    /** What one owner, or all of them, have. */
    private static final class Share {

        /** Kept ones, and those that are claimed and not kept yet. */
        private int generations;

        private long bytes;
        private final Set<KeptGeneration> ended = new LinkedHashSet<>();
    }

    /** @param onForgotten receives each generation that is no longer kept */
    KeptTexts(ResumeConfig config, BiConsumer<KeptGeneration, Forgotten> onForgotten) {
        this.config = config;
        this.onForgotten = onForgotten;
    }

    /** Reserves the place of one more generation; returns whether there is one. */
    boolean reserve(String owner) {
        Share share = owners.computeIfAbsent(owner, unknown -> new Share());
        share.generations++;
        all.generations++;
        boolean hasPlace = forgetWhileMore(share, Math.max(1, config.maxGenerations() / 2))
                && forgetWhileMore(all, config.maxGenerations());
        if (!hasPlace) {
            release(owner);
        }
        return hasPlace;
    }

    private boolean forgetWhileMore(Share share, int most) {
        while (share.generations > most) {
            if (!forgetOldest(endedOf(share))) {
                return false;
            }
        }
        return true;
    }

    private Collection<KeptGeneration> endedOf(Share share) {
        return share == all ? ended : share.ended;
    }

    /** Gives a reserved place back. */
    void release(String owner) {
        Share share = share(owner);
        share.generations--;
        all.generations--;
        if (share.generations == 0) {
            owners.remove(owner);
        }
    }

    /** Uses a reserved place. */
    void add(KeptGeneration kept) {
        byId.put(kept.id(), kept);
        count(kept);
    }

    Optional<KeptGeneration> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Counts the memory that a text uses now, and enforces the bounds. */
    void count(KeptGeneration kept) {
        if (kept.phase == Phase.FORGOTTEN || kept.phase == Phase.DELETED) {
            return;
        }
        countBytes(kept, kept.bytes());
        Share share = share(kept.facts().owner());
        forgetWhile(() -> share.bytes > half(), share);
        forgetWhile(() -> boundedBytes > config.maxBytes(), all);
    }

    private void countBytes(KeptGeneration kept, long bytes) {
        long more = bytes - kept.countedBytes;
        kept.countedBytes = bytes;
        Share share = share(kept.facts().owner());
        boundedBytes -= Math.min(share.bytes, half());
        share.bytes += more;
        boundedBytes += Math.min(share.bytes, half());
        all.bytes += more;
    }

    private long half() {
        return config.maxBytes() / 2;
    }

    private void forgetWhile(BooleanSupplier isOver, Share share) {
        while (isOver.getAsBoolean() && forgetOldest(endedOf(share))) {
            // One text less each time.
        }
    }

    void ended(KeptGeneration kept, long nowNanos) {
        if (kept.phase == Phase.RUNNING) {
            kept.phase = Phase.ENDED;
            kept.endedNanos = nowNanos;
            ended.add(kept);
            share(kept.facts().owner()).ended.add(kept);
            count(kept);
        }
    }

    /** Drops the text at once. The id stays known for the retention time. */
    void delete(KeptGeneration kept) {
        if (kept.phase == Phase.ENDED) {
            countBytes(kept, 0);
            kept.phase = Phase.DELETED;
            kept.dropText();
            onForgotten.accept(kept, Forgotten.DELETED);
        }
    }

    /** Drops what was kept for the retention time and has no reader. */
    void expire(long nowNanos) {
        for (KeptGeneration kept : List.copyOf(due(nowNanos))) {
            forget(kept, Forgotten.RETENTION);
        }
    }

    private Collection<KeptGeneration> due(long nowNanos) {
        Set<KeptGeneration> due = new LinkedHashSet<>();
        for (KeptGeneration kept : ended) {
            if (nowNanos - kept.endedNanos < config.retention().toNanos()) {
                return due;
            }
            if (kept.readers == 0) {
                due.add(kept);
            }
        }
        return due;
    }

    private boolean forgetOldest(Collection<KeptGeneration> candidates) {
        Optional<KeptGeneration> oldest =
                candidates.stream().filter(kept -> kept.readers == 0).findFirst();
        oldest.ifPresent(kept -> forget(kept, Forgotten.BOUND));
        return oldest.isPresent();
    }

    /** Drops a generation and its id. */
    void forget(KeptGeneration kept, Forgotten reason) {
        Phase before = kept.phase;
        if (before == Phase.FORGOTTEN) {
            return;
        }
        countBytes(kept, 0);
        kept.phase = Phase.FORGOTTEN;
        byId.remove(kept.id());
        ended.remove(kept);
        share(kept.facts().owner()).ended.remove(kept);
        release(kept.facts().owner());
        if (before != Phase.DELETED) {
            onForgotten.accept(kept, reason);
        }
    }

    private Share share(String owner) {
        Share share = owners.get(owner);
        if (share == null) {
            throw new IllegalStateException("an owner without a share");
        }
        return share;
    }

    int generations() {
        return byId.size();
    }

    long bytes() {
        return all.bytes;
    }
}
