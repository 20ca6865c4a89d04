package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsageTest {

    @Test
    void largestCountsHaveATotal() {
        Usage most = new Usage(Usage.MAX_TOKENS, Usage.MAX_TOKENS, false);

        assertThat(most.totalTokens()).isEqualTo(Integer.MAX_VALUE - 1);
    }
}
