package dev.runnel.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class JvmAotTest {

    private static final int FIRST = 25;

    @Test
    void jvmSaysWhetherItCanMakeACache() {
        assertThat(JvmAot.ofProcess())
                .isEqualTo(new JvmAot(Runtime.version().feature() >= FIRST, Optional.empty(), false));
    }
}
