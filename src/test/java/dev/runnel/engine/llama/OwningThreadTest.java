package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OwningThreadTest {

    @Test
    void ownerIsTheThreadThatMadeIt() throws Exception {
        OwningThread owner = OwningThread.current();

        assertThat(owner.isCurrent()).isTrue();
        assertThat(CompletableFuture.supplyAsync(owner::isCurrent).get(10, TimeUnit.SECONDS))
                .isFalse();
    }

    @Test
    void useOnAnotherThreadFailsTheAssertion() {
        assumeThat(SinkBatch.class.desiredAssertionStatus())
                .as("assertions are enabled")
                .isTrue();
        SinkBatch calls = new SinkBatch();

        assertThatThrownBy(() -> CompletableFuture.runAsync(calls::send).get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AssertionError.class);
    }
}
