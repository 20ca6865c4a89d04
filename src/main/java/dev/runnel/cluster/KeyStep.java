package dev.runnel.cluster;

import dev.runnel.resume.SharedKeys.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One step on an idempotency key in the cluster's map. The pending key of a node that is no member stands for nothing.
 * One that stands for a generation does so until the generation was not found. Each step may be done twice.
 *
 * @param node the node that asks
 * @param claim the number of its claim
 * @param argument the fingerprint of the request, or the id of the generation
 * @param lost the id of a generation that was not found, or empty
 */
record KeyStep(Kind kind, String node, long claim, String argument, String lost) {

    /** Longer than a generation runs and is kept. */
    static final Duration KEPT = Duration.ofDays(1);

    /**
     * Longer than a request waits for its answer. After a merge of a split cluster, the key of a request that is over
     * may be pending again.
     */
    static final Duration PENDING = Duration.ofMinutes(5);

    /** Their names never change. */
    enum Kind {
        CLAIM,
        FIND,
        KEEP,
        RELEASE
    }

    byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(kind.name());
            out.writeUTF(node);
            out.writeLong(claim);
            out.writeUTF(argument);
            out.writeUTF(lost);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static KeyStep of(byte[] bytes) {
        var in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            return new KeyStep(Kind.valueOf(in.readUTF()), in.readUTF(), in.readLong(), in.readUTF(), lost(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A node of an older version names none. */
    private static String lost(DataInputStream in) throws IOException {
        return in.available() == 0 ? "" : in.readUTF();
    }

    /** Does the step. */
    StepResult apply(@Nullable KeyEntry entry, Predicate<String> isMember) {
        return switch (kind) {
            case CLAIM -> claim(entry, isMember);
            case FIND -> unchanged(foreign(entry, isMember).map(this::known).orElseGet(Answer.Free::new));
            case KEEP ->
                entry != null && entry.is(node, claim)
                        ? changed(
                                new Answer.Granted(),
                                Optional.of(new KeyEntry(node, claim, entry.fingerprint(), argument)))
                        : unchanged(new Answer.Free());
            case RELEASE ->
                entry != null && entry.is(node, claim)
                        ? changed(new Answer.Free(), Optional.empty())
                        : unchanged(new Answer.Free());
        };
    }

    private StepResult claim(@Nullable KeyEntry entry, Predicate<String> isMember) {
        Optional<KeyEntry> other = foreign(entry, isMember);
        if (other.isPresent()) {
            return unchanged(known(other.get()));
        }
        return entry != null && entry.is(node, claim)
                ? unchanged(new Answer.Granted())
                : changed(new Answer.Granted(), Optional.of(new KeyEntry(node, claim, argument, "")));
    }

    /**
     * What another node has. An older claim of this node is over: this node knows its own keys. But it may have given
     * up the generation, which other nodes may go on with.
     */
    private Optional<KeyEntry> foreign(@Nullable KeyEntry entry, Predicate<String> isMember) {
        return Optional.ofNullable(entry)
                .filter(known -> (!known.node().equals(node) && isMember.test(known.node())) || mayBeKept(known));
    }

    /** Its generation may have been taken over, or wait for that. */
    private boolean mayBeKept(KeyEntry known) {
        return !known.isPending() && !known.generationId().equals(lost);
    }

    private Answer known(KeyEntry entry) {
        return entry.isPending()
                ? new Answer.Pending()
                : new Answer.Kept(entry.generationId(), entry.fingerprint().equals(argument));
    }

    private static StepResult unchanged(Answer answer) {
        return new StepResult(KeyAnswer.bytes(answer), false, null, 0);
    }

    private static StepResult changed(Answer answer, Optional<KeyEntry> entry) {
        Duration kept = entry.isPresent() && entry.get().isPending() ? PENDING : KEPT;
        return new StepResult(
                KeyAnswer.bytes(answer), true, entry.map(KeyEntry::bytes).orElse(null), kept.toSeconds());
    }
}
