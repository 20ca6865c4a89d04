package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CellCountTest {

    private final CellCount cells = new CellCount(3, 256);

    @Test
    void sharedCellCountsUntilItsLastSequenceIsRemoved() {
        add(0, 100);
        cells.share(0, 1, 80);
        cells.share(1, 2, 60);
        add(2, 10);

        assertThat(cells.used()).isEqualTo(110);
        cells.remove(0);
        assertThat(cells.used()).isEqualTo(90);
        cells.remove(1);
        assertThat(cells.used()).isEqualTo(70);
        cells.remove(2);
        assertThat(cells.used()).isZero();
    }

    @Test
    void removedCellsAreUsedAgain() {
        for (int round = 0; round < 3; round++) {
            add(1, 256);
            assertThat(cells.used()).isEqualTo(256);
            cells.remove(1);
        }

        assertThat(cells.used()).isZero();
    }

    private void add(int sequence, int tokens) {
        IntStream.range(0, tokens).forEach(token -> cells.add(sequence));
    }
}
