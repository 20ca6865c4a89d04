package dev.runnel.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A step that the member which has an entry does on it, in one piece. The member with the copy of the entry does not do
 * it again, as its clock is another: it stores the result.
 */
final class StepProcessor
        implements EntryProcessor<String, byte[], byte[]>, IdentifiedDataSerializable, HazelcastInstanceAware {

    /** Never changes. */
    static final int TYPE = 1;

    private static final long serialVersionUID = 1L;

    private Table table = Table.LIMITS;
    private byte[] step = {};
    private transient @Nullable HazelcastInstance instance;
    private transient @Nullable StoreProcessor result;

    /** For Hazelcast, which then reads the fields. */
    StepProcessor() {}

    StepProcessor(Table table, byte[] step) {
        this.table = table;
        this.step = step;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance member) {
        instance = member;
    }

    @Override
    public byte[] process(Map.Entry<String, byte[]> entry) {
        HazelcastInstance member = Objects.requireNonNull(instance);
        GridMember own = GridMember.of(member);
        StepResult done = table.apply(entry.getValue(), step, own, node -> GridMember.isMember(member, node));
        result = done.isChanged() ? new StoreProcessor(done.value(), done.keptSeconds()) : null;
        if (result != null) {
            result.process(entry);
        }
        return done.answer();
    }

    /** Hazelcast asks for it after the step. */
    @Override
    public @Nullable EntryProcessor<String, byte[], byte[]> getBackupProcessor() {
        return result;
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
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeString(table.name());
        out.writeByteArray(step);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        table = Table.valueOf(in.readString());
        step = Objects.requireNonNull(in.readByteArray());
    }
}
