package dev.runnel.memory;

import dev.runnel.metric.MemoryMeters;
import dev.runnel.text.Failure;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts the bytes that the process holds for clients. It bounds them in all, for a key, for a connection, and for a
 * model. A key holds at most a third of what is then free, and so do the servers of one model. So one key alone holds
 * at most a quarter of the total. However many keys hold as much as they may, a further key finds room. Bytes are
 * acquired in portions, not for each event, because each change needs a lock. One for all verticle instances;
 * thread-safe.
 */
public final class HeldBytes {

    /** An owner holds at most the free bytes divided by this, so at most a quarter of all. */
    private static final int SHARE = 3;

    /** What is held. */
    public enum Kind {
        /** Bodies of requests while they arrive, and the prompts from them until their generation has ended. */
        BODIES,
        /** Generated text: what a stream has not sent or repeats, and whole texts until they are sent. */
        TEXTS,
        /** Events that a socket has not accepted yet. */
        EVENTS,
        /** Large events of upstream servers while they arrive. */
        UPSTREAM
    }

    /**
     * For what bytes are held.
     *
     * @param owner whose share it is: the {@code jti} of a key, or a {@link ModelServers}
     * @param connection any object that identifies the connection; that of a model's servers has no bound
     */
    record Holder(Kind kind, Object owner, Object connection) {}

    /** The upstream servers of a model, which have a share together. */
    record ModelServers(String model) {}

    /** A bound of what is held. */
    public enum Bound {
        /** In all. */
        TOTAL("the service holds as many bytes for its clients as it may"),
        /** For one key. */
        KEY("the requests of this API key hold as many bytes as they may together"),
        /** For one connection. */
        CONNECTION("the requests of this connection hold as many bytes as they may together"),
        /** For the upstream servers of one model. */
        MODEL("the events of this model's servers hold as many bytes as they may together");

        /** A body is complete or refused within 30 s; most bytes are given back within seconds. */
        private static final int RETRY_SECONDS = 5;

        private final String reason;

        Bound(String reason) {
            this.reason = reason;
        }

        /** The refusal, as a client receives it. */
        public Failure failure() {
            return Failure.full("memory: " + reason + "; try again in " + RETRY_SECONDS + " s", RETRY_SECONDS);
        }
    }

    private final MemoryBounds bounds;
    private final MemoryMeters meters;

    // Guarded by this.
    private final Map<Kind, Long> kinds = new EnumMap<>(Kind.class);
    private final Map<Object, Long> owners = new HashMap<>();
    private final Map<Object, Long> connections = new HashMap<>();
    private long total;

    public HeldBytes(MemoryBounds bounds, MemoryMeters meters) {
        this.bounds = bounds;
        this.meters = meters;
        meters.limit(bounds.total());
        EnumSet.allOf(Kind.class).forEach(kind -> meters.show(kind, () -> held(kind)));
    }

    /** What is held of a kind, in bytes. */
    public synchronized long held(Kind kind) {
        return kinds.getOrDefault(kind, 0L);
    }

    /** Acquires more bytes, all or none; returns the bound that refuses them. */
    Optional<Bound> acquire(Holder holder, long bytes) {
        Optional<Bound> refusal = tryAcquire(holder, bytes);
        refusal.ifPresent(meters::refused);
        return refusal;
    }

    private synchronized Optional<Bound> tryAcquire(Holder holder, long bytes) {
        Optional<Bound> refusal = exceeded(holder, bytes);
        if (refusal.isEmpty()) {
            change(holder, bytes);
        }
        return refusal;
    }

    private Optional<Bound> exceeded(Holder holder, long bytes) {
        long free = bounds.total() - total - bytes;
        if (free < 0) {
            return Optional.of(Bound.TOTAL);
        }
        boolean isUpstream = holder.owner() instanceof ModelServers;
        if (!isUpstream && connections.getOrDefault(holder.connection(), 0L) + bytes > bounds.perConnection()) {
            return Optional.of(Bound.CONNECTION);
        }
        long ofOwner = owners.getOrDefault(holder.owner(), 0L) + bytes;
        if (ofOwner <= free / SHARE) {
            return Optional.empty();
        }
        return Optional.of(isUpstream ? Bound.MODEL : Bound.KEY);
    }

    /** Gives bytes back. */
    synchronized void release(Holder holder, long bytes) {
        change(holder, -bytes);
    }

    private void change(Holder holder, long bytes) {
        total += bytes;
        add(kinds, holder.kind(), bytes);
        add(owners, holder.owner(), bytes);
        add(connections, holder.connection(), bytes);
    }

    /** An owner and a connection that hold nothing are not kept. */
    private static <K> void add(Map<K, Long> sums, K key, long bytes) {
        sums.merge(key, bytes, (sum, more) -> sum + more == 0 ? null : sum + more);
    }

    /** How many owners and connections are counted now. For tests of what is given back. */
    synchronized int counted() {
        return owners.size() + connections.size();
    }
}
