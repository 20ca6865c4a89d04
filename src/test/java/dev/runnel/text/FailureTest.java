package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureTest {

    @Test
    void renamedFieldIsTheParamAndStartsTheMessage() {
        Failure failure = Failure.invalid("prompt", "prompt: empty (expected: 1 code point or more)");

        assertThat(failure.renamed("prompt", "messages"))
                .isEqualTo(Failure.invalid("messages", "messages: empty (expected: 1 code point or more)"));
    }

    @Test
    void messageWithoutTheFieldGetsItsNewName() {
        assertThat(Failure.invalid("prompt", "too long").renamed("prompt", "messages"))
                .isEqualTo(Failure.invalid("messages", "messages: too long"));
    }

    @Test
    void failureOfAnotherFieldKeepsItsName() {
        Failure failure = Failure.invalid("maxTokens", "maxTokens: 5000 (expected: 1 … 4096)");

        assertThat(failure.renamed("prompt", "messages")).isSameAs(failure);
        assertThat(Failure.draining().renamed("prompt", "messages")).isEqualTo(Failure.draining());
    }
}
