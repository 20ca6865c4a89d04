package dev.runnel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.RunnelConfig;
import dev.runnel.config.TestConfig;
import org.junit.jupiter.api.Test;

class MemoryBoundsTest {

    private static final int MIB = 1 << 20;

    private static MemoryBounds of(String yaml, int heapMib) {
        RunnelConfig config = TestConfig.of(yaml);
        return MemoryBounds.of(config, (long) heapMib * MIB);
    }

    @Test
    void defaultIsAQuarterOfTheHeap() {
        assertThat(of("", 256)).isEqualTo(new MemoryBounds(64 * MIB, 22 * MIB));
    }

    @Test
    void smallHeapHoldsOneBodyForAKey() {
        assertThat(of("", 4).total()).isEqualTo(8 * MIB);
    }

    @Test
    void settingOverridesTheHeap() {
        assertThat(of("memory: { heldBytes: 30000000 }", 256).total()).isEqualTo(30_000_000);
    }
}
