package dev.runnel.memory;

import dev.runnel.memory.HeldBytes.Bound;
import dev.runnel.memory.HeldBytes.Holder;
import dev.runnel.memory.HeldBytes.Kind;
import dev.runnel.memory.HeldBytes.ModelServers;
import java.util.Optional;

/** The bytes of one kind that are held for one request. For one thread. */
public final class Holding implements AutoCloseable {

    private final HeldBytes account;
    private final Holder holder;

    private long bytes;
    private boolean isClosed;

    /**
     * Makes a holding of no bytes.
     *
     * @param keyId the {@code jti} of the key
     * @param connection any object that identifies the connection
     */
    public Holding(HeldBytes account, Kind kind, String keyId, Object connection) {
        this(account, new Holder(kind, keyId, connection));
    }

    private Holding(HeldBytes account, Holder holder) {
        this.account = account;
        this.holder = holder;
    }

    /** A holding of no bytes, for what an upstream server of a model sends for one generation. */
    public static Holding ofUpstream(HeldBytes account, String model) {
        ModelServers servers = new ModelServers(model);
        return new Holding(account, new Holder(Kind.UPSTREAM, servers, servers));
    }

    /** How many bytes it holds. */
    public long bytes() {
        return bytes;
    }

    /**
     * Changes how many bytes it holds. Fewer than before are never refused.
     *
     * @param wanted 0 or more
     * @return the bound that refuses; nothing is changed then
     * @throws IllegalStateException if it is closed, and {@code wanted} is not 0
     */
    public Optional<Bound> resize(long wanted) {
        if (isClosed && wanted > 0) {
            throw new IllegalStateException("a closed holding");
        }
        if (wanted > bytes) {
            Optional<Bound> refusal = account.acquire(holder, wanted - bytes);
            if (refusal.isPresent()) {
                return refusal;
            }
        } else if (wanted < bytes) {
            account.release(holder, bytes - wanted);
        }
        bytes = wanted;
        return Optional.empty();
    }

    /** Gives all of it back. Idempotent. */
    @Override
    public void close() {
        isClosed = true;
        resize(0);
    }

    Holder holder() {
        return holder;
    }
}
