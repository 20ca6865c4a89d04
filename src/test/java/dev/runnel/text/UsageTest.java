package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

    @Test
    void largestCountsHaveATotal() {
        Usage most = new Usage(Usage.MAX_TOKENS, Usage.MAX_TOKENS, false);

        assertThat(most.totalTokens()).isEqualTo(Integer.MAX_VALUE - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Usage.MAX_TOKENS + 1, Integer.MAX_VALUE})
    void countOutOfRangeIsRefused(int tokens) {
        assertThatThrownBy(() -> new Usage(tokens, 0, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("promptTokens: " + tokens + " (expected: 0 … 1073741823)");
        assertThatThrownBy(() -> new Usage(0, tokens, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("completionTokens: " + tokens + " (expected: 0 … 1073741823)");
    }
}
