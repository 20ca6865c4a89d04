package dev.runnel.cluster;

import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import dev.runnel.limit.StoredLedger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The maps of the grid on whose entries steps are done. Their names never change: members of two versions use them. */
enum Table {
    /**
     * The ledgers of keys. The copy on another member is written later, so that a frozen member with a copy delays
     * nothing. The death of the member with the entry loses what it did in its last milliseconds. When parts of a split
     * cluster merge, the ledgers of the smaller one are discarded: what they say is outdated.
     */
    LIMITS("runnel.limits", false, DiscardMergePolicy.class) {
        @Override
        StepResult apply(byte @Nullable [] value, byte[] step, GridMember member, Predicate<String> isMember) {
            StoredLedger ledger = new StoredLedger(value);
            byte[] answer = ledger.apply(step, member.clock().getAsLong(), isMember, member.hasRoom());
            return new StepResult(answer, ledger.isChanged(), ledger.bytes().orElse(null), ledger.keptSeconds());
        }
    },

    /** The idempotency keys. A claim is there twice before it is granted. */
    KEYS("runnel.keys", true, KeyMerge.class) {
        @Override
        StepResult apply(byte @Nullable [] value, byte[] step, GridMember member, Predicate<String> isMember) {
            return KeyStep.of(step).apply(value == null ? null : KeyEntry.of(value), isMember);
        }
    };

    private final String mapName;
    private final boolean waitsForCopy;
    private final Class<?> mergePolicy;

    Table(String mapName, boolean waitsForCopy, Class<?> mergePolicy) {
        this.mapName = mapName;
        this.waitsForCopy = waitsForCopy;
        this.mergePolicy = mergePolicy;
    }

    String mapName() {
        return mapName;
    }

    MapConfig config() {
        return new MapConfig(mapName)
                .setBackupCount(waitsForCopy ? 1 : 0)
                .setAsyncBackupCount(waitsForCopy ? 0 : 1)
                .setMergePolicyConfig(
                        new MergePolicyConfig(mergePolicy.getName(), MergePolicyConfig.DEFAULT_BATCH_SIZE));
    }

    /**
     * Does a step. On the thread of an entry's partition; does not block.
     *
     * @param value of the entry; {@code null} without one
     * @param member that does it
     * @param isMember whether a node is a member
     */
    abstract StepResult apply(byte @Nullable [] value, byte[] step, GridMember member, Predicate<String> isMember);
}
