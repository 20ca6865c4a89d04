package dev.runnel.cluster;

/** Another member, as this node hears it. Belongs to the context of {@link Heartbeats}. */
final class Peer {

    private final String address;

    private long heardNanos;
    /** Whether it answers, and accepts this node. */
    private boolean isConfirmed;

    private boolean areConsumersGone;
    private boolean isReported;

    /** @param address for messages, {@code host:port} */
    Peer(String address, long nowNanos) {
        this.address = address;
        this.heardNanos = nowNanos;
    }

    String address() {
        return address;
    }

    void heard(long nowNanos) {
        heardNanos = nowNanos;
        areConsumersGone = false;
        isReported = false;
    }

    /** This node itself did not run: silence counts from now. What was reported stays so until the peer is heard. */
    void excused(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** It has answered a heartbeat. */
    void confirmed(long nowNanos) {
        isConfirmed = true;
        heard(nowNanos);
    }

    boolean isConfirmed() {
        return isConfirmed;
    }

    long silentNanos(long nowNanos) {
        return nowNanos - heardNanos;
    }

    /** Whether this is the first report that its consumers have given up, since it was heard. */
    boolean reportConsumersGone() {
        boolean isFirst = !areConsumersGone;
        areConsumersGone = true;
        return isFirst;
    }

    /** Whether this is the first report of its silence. Until it answers again, it does not count as a member. */
    boolean reportGone() {
        boolean isFirst = !isReported;
        isReported = true;
        isConfirmed = false;
        return isFirst;
    }
}
