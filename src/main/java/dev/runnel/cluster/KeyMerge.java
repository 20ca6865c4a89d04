package dev.runnel.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import org.jspecify.annotations.Nullable;

/**
 * What an idempotency key stands for when the parts of a split cluster have merged. An entry that names a generation
 * wins over one that is pending, and any entry over none. A part may have lost its entries, since their members were in
 * another one. If both parts name a generation, that of the larger part stays.
 *
 * <p>So a key that one part has released may come back. That does no harm: one that names a generation is free once the
 * generation was not found, and a pending one expires soon ({@link KeyStep}).
 */
final class KeyMerge
        implements SplitBrainMergePolicy<byte[], MergingValue<byte[]>, Object>, IdentifiedDataSerializable {

    /** Never changes. */
    static final int TYPE = 3;

    private static final long serialVersionUID = 1L;

    /**
     * Chooses.
     *
     * @param merging of the smaller part
     * @param existing of the larger part; {@code null} without one
     */
    @Override
    public @Nullable Object merge(MergingValue<byte[]> merging, @Nullable MergingValue<byte[]> existing) {
        return existing == null || (isPending(existing) && !isPending(merging))
                ? merging.getRawValue()
                : existing.getRawValue();
    }

    private static boolean isPending(MergingValue<byte[]> value) {
        return KeyEntry.of(value.getDeserializedValue()).isPending();
    }

    @Override
    public int getFactoryId() {
        return StoreProcessor.FACTORY;
    }

    @Override
    public int getClassId() {
        return TYPE;
    }

    @Override
    public void writeData(ObjectDataOutput out) {
        // It has no fields.
    }

    @Override
    public void readData(ObjectDataInput in) {
        // It has no fields.
    }
}
