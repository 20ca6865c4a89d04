package dev.runnel.limit;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The generations of one key that are admitted and not settled, by the node that has their permits. A permit has a
 * number of its own on its node: what is done twice for it changes nothing.
 */
final class Holds {

    /** The reservation of a generation whose tokens are not limited. */
    private static final long NOTHING = -1;

    private final Map<String, Map<Long, Long>> reservedByNode = new LinkedHashMap<>();
    private int count;

    static Holds read(DataInput in) throws IOException {
        Holds holds = new Holds();
        int nodes = in.readInt();
        for (int i = 0; i < nodes; i++) {
            String node = in.readUTF();
            int permits = in.readInt();
            for (int j = 0; j < permits; j++) {
                holds.put(node, in.readLong(), in.readLong());
            }
        }
        return holds;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(reservedByNode.size());
        for (Map.Entry<String, Map<Long, Long>> node : reservedByNode.entrySet()) {
            out.writeUTF(node.getKey());
            out.writeInt(node.getValue().size());
            for (Map.Entry<Long, Long> permit : node.getValue().entrySet()) {
                out.writeLong(permit.getKey());
                out.writeLong(permit.getValue());
            }
        }
    }

    int count() {
        return count;
    }

    boolean contains(PermitName permit) {
        Map<Long, Long> permits = reservedByNode.get(permit.node());
        return permits != null && permits.containsKey(permit.number());
    }

    /** @param reserved the tokens; empty if they are not limited */
    void add(PermitName permit, OptionalLong reserved) {
        put(permit.node(), permit.number(), reserved.orElse(NOTHING));
    }

    private void put(String node, long number, long reserved) {
        Map<Long, Long> permits = reservedByNode.computeIfAbsent(node, unknown -> new LinkedHashMap<>());
        if (permits.put(number, reserved) == null) {
            count++;
        }
    }

    /**
     * Removes a permit.
     *
     * @return the tokens that were reserved; empty if none were, or if the permit is unknown
     */
    OptionalLong remove(PermitName permit) {
        Map<Long, Long> permits = reservedByNode.get(permit.node());
        Long reserved = permits == null ? null : permits.remove(permit.number());
        if (permits == null || reserved == null) {
            return OptionalLong.empty();
        }
        count--;
        if (permits.isEmpty()) {
            reservedByNode.remove(permit.node());
        }
        return reserved == NOTHING ? OptionalLong.empty() : OptionalLong.of(reserved);
    }

    /** Removes the older permits of a node: each is settled, and its step was lost. They stay charged. */
    void removeBelow(PermitName lowestOpen) {
        Map<Long, Long> permits = reservedByNode.get(lowestOpen.node());
        if (permits == null) {
            return;
        }
        int before = permits.size();
        permits.keySet().removeIf(number -> number < lowestOpen.number());
        count -= before - permits.size();
        if (permits.isEmpty()) {
            reservedByNode.remove(lowestOpen.node());
        }
    }

    /** Removes the permits of all nodes that are no members. What they reserved stays charged. */
    void keepOnly(Predicate<String> isMember) {
        reservedByNode.keySet().removeIf(isMember.negate());
        count = reservedByNode.values().stream().mapToInt(Map::size).sum();
    }
}
