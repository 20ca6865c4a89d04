package dev.runnel.cluster;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.ExtendedMapEntry;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Stores the result of a step in an entry, or in its copy on another member. */
final class StoreProcessor implements EntryProcessor<String, byte[], byte[]>, IdentifiedDataSerializable {

    /** The numbers of {@code GridForms} and of this form. They never change. */
    static final int FACTORY = 7_100;

    static final int TYPE = 2;

    private static final long serialVersionUID = 1L;

    private byte @Nullable [] value;
    private long keptSeconds;

    /** For Hazelcast, which then reads the fields. */
    StoreProcessor() {}

    /** @param value {@code null} removes the entry */
    StoreProcessor(byte @Nullable [] value, long keptSeconds) {
        this.value = value;
        this.keptSeconds = keptSeconds;
    }

    @Override
    public byte @Nullable [] process(Map.Entry<String, byte[]> entry) {
        if (value == null) {
            entry.setValue(null);
        } else {
            ((ExtendedMapEntry<String, byte[]>) entry).setValue(value, keptSeconds, TimeUnit.SECONDS);
        }
        return null;
    }

    @Override
    public @Nullable EntryProcessor<String, byte[], byte[]> getBackupProcessor() {
        return null;
    }

    @Override
    public int getFactoryId() {
        return FACTORY;
    }

    @Override
    public int getClassId() {
        return TYPE;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByteArray(value);
        out.writeLong(keptSeconds);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        value = in.readByteArray();
        keptSeconds = in.readLong();
    }
}
