package dev.runnel.cluster;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;

/** Makes the objects that Hazelcast reads. Their numbers never change, as members of two versions use them. */
final class GridForms implements DataSerializableFactory {

    @Override
    public IdentifiedDataSerializable create(int type) {
        return switch (type) {
            case StepProcessor.TYPE -> new StepProcessor();
            case StoreProcessor.TYPE -> new StoreProcessor();
            case KeyMerge.TYPE -> new KeyMerge();
            default -> throw new IllegalArgumentException("type: " + type + " (expected: one that is known)");
        };
    }
}
