package dev.runnel.limit;

import dev.runnel.config.Allowance;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalInt;

/** One step on the ledger of a key that a cluster keeps. It travels to the member that has the ledger. */
public sealed interface LimitStep {

    /**
     * Decides whether the key may start one generation, and reserves it. A second time with the same permit it changes
     * nothing.
     *
     * @param node the node that asks
     * @param permit the number of the permit, unique on that node
     * @param mayCreate whether a key without a ledger may get one
     * @param lowestOpen the lowest number of a permit of that node that is not settled; 0 if that is not known
     */
    record Admit(String node, long permit, Allowance allowance, Demand demand, boolean mayCreate, long lowestOpen)
            implements LimitStep {}

    /**
     * Settles a permit. A second time it changes nothing.
     *
     * @param usedTokens prompt and completion together, 0 or more; 0 when the generation did not start
     */
    record Settle(String node, long permit, long usedTokens) implements LimitStep {}

    /** Reads what is left. */
    record Look(String node, Allowance allowance) implements LimitStep {}

    /** The node that asks. It is a member, whatever the list of members says. */
    String node();

    /** This step for another member, also one of another version: fields are only added, at the end. */
    default byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void write(DataOutput out) throws IOException {
        if (this instanceof Admit admit) {
            out.writeByte('A');
            out.writeUTF(admit.node());
            out.writeLong(admit.permit());
            write(out, admit.allowance());
            out.writeLong(admit.demand().promptBytes());
            out.writeInt(admit.demand().maxTokens());
            out.writeBoolean(admit.mayCreate());
            out.writeLong(admit.lowestOpen());
        } else if (this instanceof Settle settle) {
            out.writeByte('S');
            out.writeUTF(settle.node());
            out.writeLong(settle.permit());
            out.writeLong(settle.usedTokens());
        } else if (this instanceof Look look) {
            out.writeByte('L');
            out.writeUTF(look.node());
            write(out, look.allowance());
        }
    }

    /**
     * Reads what {@link #bytes} wrote.
     *
     * @throws IllegalArgumentException for a step that this version does not know
     */
    static LimitStep of(byte[] bytes) {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            byte kind = in.readByte();
            String node = in.readUTF();
            return switch (kind) {
                case 'A' ->
                    new Admit(
                            node,
                            in.readLong(),
                            allowance(in),
                            new Demand(in.readLong(), in.readInt()),
                            in.readBoolean(),
                            in.available() >= Long.BYTES ? in.readLong() : 0);
                case 'S' -> new Settle(node, in.readLong(), in.readLong());
                case 'L' -> new Look(node, allowance(in));
                default -> throw new IllegalArgumentException("step: " + kind + " (expected: one that is known)");
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(DataOutput out, Allowance allowance) throws IOException {
        out.writeInt(allowance.requestsPerMinute().orElse(0));
        out.writeInt(allowance.tokensPerMinute().orElse(0));
        out.writeInt(allowance.concurrentGenerations().orElse(0));
    }

    private static Allowance allowance(DataInput in) throws IOException {
        return new Allowance(
                limit(in.readInt()), limit(in.readInt()), limit(in.readInt()), OptionalInt.empty(), Optional.empty());
    }

    private static OptionalInt limit(int value) {
        return value == 0 ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
