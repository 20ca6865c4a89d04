package dev.runnel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.spi.merge.DiscardMergePolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableTest {

    /** The default keeps an entry that the larger part has removed: a place that is free, or a key. */
    @ParameterizedTest
    @EnumSource(Table.class)
    void entriesOfTheSmallerPartOfASplitAreDiscarded(Table table) {
        assertThat(table.config().getMergePolicyConfig().getPolicy()).isEqualTo(DiscardMergePolicy.class.getName());
    }
}
