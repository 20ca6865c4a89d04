package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapPressureTest {

    private static final int MAX = 1000;
    private static final int FULL = 900;

    private final HeapPressure pressure = new HeapPressure(MAX, 0, 0);
    private long millis;
    private long collectionMillis;

    /** A second of which the collector used a part. */
    private boolean second(long collecting, long used) {
        millis += 1000;
        collectionMillis += collecting;
        return pressure.isExhausted(millis, collectionMillis, used);
    }

    @Test
    void threeSecondsOfCollectionsThatFreeNothingExhaustTheHeap() {
        assertThat(second(600, FULL)).isFalse();
        assertThat(second(900, FULL)).isFalse();
        assertThat(second(500, FULL)).isTrue();
    }

    @Test
    void fullHeapWithFewCollectionsIsNotExhausted() {
        for (int i = 0; i < 10; i++) {
            assertThat(second(400, FULL)).isFalse();
        }
    }

    @Test
    void collectionsThatFreeMemoryDoNotExhaustTheHeap() {
        for (int i = 0; i < 10; i++) {
            assertThat(second(900, 899)).isFalse();
        }
    }

    @Test
    void secondsInARowCount() {
        second(900, FULL);
        second(900, FULL);
        second(100, FULL);
        assertThat(second(900, FULL)).isFalse();
        assertThat(second(900, FULL)).isFalse();
        assertThat(second(900, FULL)).isTrue();
    }
}
