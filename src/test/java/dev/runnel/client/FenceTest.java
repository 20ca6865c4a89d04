package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FenceTest {

    private final AtomicLong nanos = new AtomicLong(-1);
    private final Fence fence = new Fence(nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void processWithoutAHeartbeatIsNotFenced() {
        Fence.Pass pass = fence.pass();

        pass(Duration.ofHours(1));

        assertThat(pass.isValid()).isTrue();
        assertThat(fence.raise()).isEmpty();
    }

    @Test
    void passIsValidForFourSecondsAfterEachHeartbeat() {
        fence.beat();
        Fence.Pass pass = fence.pass();
        for (int i = 0; i < 3; i++) {
            pass(Duration.ofSeconds(4));
            assertThat(pass.isValid()).isTrue();
            assertThat(fence.raise()).isEmpty();
            fence.beat();
        }

        pass(Duration.ofSeconds(4).plusNanos(1));

        assertThat(pass.isValid()).isFalse();
    }

    @Test
    void passOfBeforeTheSilenceStaysInvalid() {
        fence.beat();
        Fence.Pass before = fence.pass();
        pass(Duration.ofSeconds(9));
        Fence.Pass unnoticed = fence.pass();

        assertThat(fence.raise()).contains(Duration.ofSeconds(9));
        assertThat(fence.raise()).isEmpty();
        fence.beat();

        assertThat(before.isValid()).isFalse();
        assertThat(unnoticed.isValid()).isFalse();
        assertThat(fence.pass().isValid()).isTrue();
    }
}
