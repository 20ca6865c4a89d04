package dev.runnel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.spi.merge.MergingValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The entries of a key in the two parts of a cluster; either part may be the smaller one, which is merged. */
class KeyMergeTest {

    private final KeyMerge merge = new KeyMerge();

    /** As Hazelcast passes it. */
    private static final class Value implements MergingValue<byte[]> {

        private final byte[] bytes;

        Value(KeyEntry entry) {
            this.bytes = entry.bytes();
        }

        @Override
        public Object getRawValue() {
            return bytes;
        }

        @Override
        public byte[] getDeserializedValue() {
            return bytes;
        }
    }

    /** @param text node and id of a generation, {@code pending}, or {@code none} */
    private static Value value(String text) {
        if (text.equals("none")) {
            return null;
        }
        int space = text.indexOf(' ');
        String generation = text.substring(space + 1);
        return new Value(
                new KeyEntry(text.substring(0, space), 7, "request", generation.equals("pending") ? "" : generation));
    }

    @ParameterizedTest
    @CsvSource({
        "a gen_1,   none,      a gen_1",
        "a pending, none,      a pending",
        "a gen_1,   a pending, a gen_1",
        "a pending, a gen_1,   a gen_1",
        "a gen_1,   b pending, a gen_1",
        "b pending, a gen_1,   a gen_1",
        "a gen_1,   a gen_1,   a gen_1",
        "a gen_1,   b gen_2,   b gen_2",
        "b gen_2,   a gen_1,   a gen_1",
        "a pending, b pending, b pending"
    })
    void keyThatStandsForAGenerationStays(String merging, String existing, String kept) {
        assertThat(merge.merge(value(merging), value(existing))).isEqualTo(value(kept).bytes);
    }

    @Test
    void pendingKeyIsKeptForALongRequestAndNotForADay() {
        KeyStep claim = new KeyStep(KeyStep.Kind.CLAIM, "a", 1, "request", "");
        StepResult claimed = claim.apply(null, node -> true);
        KeyStep keep = new KeyStep(KeyStep.Kind.KEEP, "a", 1, "gen_1", "");

        assertThat(claimed.keptSeconds()).isEqualTo(KeyStep.PENDING.toSeconds());
        assertThat(keep.apply(KeyEntry.of(claimed.value()), node -> true).keptSeconds())
                .isEqualTo(KeyStep.KEPT.toSeconds());
    }

    /** Members send it to each other. */
    @Test
    void policyIsReadByOtherMembers() {
        InternalSerializationService serialization = new DefaultSerializationServiceBuilder()
                .addDataSerializableFactory(StoreProcessor.FACTORY, new GridForms())
                .build();
        try {
            Object read = serialization.toObject(serialization.toData(merge));

            assertThat(read).isInstanceOf(KeyMerge.class);
        } finally {
            serialization.dispose();
        }
    }
}
