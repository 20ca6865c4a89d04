package dev.runnel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.spi.merge.DiscardMergePolicy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the entries of the smaller part when a split cluster merges. */
class TableTest {

    /** Hazelcast's default keeps a ledger that the larger part has removed, and the places that it counts. */
    @ParameterizedTest
    @CsvSource({"LIMITS, DISCARDED", "KEYS, MERGED"})
    void ledgersOfTheSmallerPartAreDiscardedAndKeysMerged(Table table, Fate fate) {
        assertThat(table.config().getMergePolicyConfig().getPolicy()).isEqualTo(fate.policy.getName());
    }

    private enum Fate {
        DISCARDED(DiscardMergePolicy.class),
        MERGED(KeyMerge.class);

        private final Class<?> policy;

        Fate(Class<?> policy) {
            this.policy = policy;
        }
    }
}
