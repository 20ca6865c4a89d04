package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.GenerationRequest;
import dev.runnel.message.Ended.Outcome;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The limits of a whole generation, whatever its engine does. */
class GenerationLimitsTest {

    private static final int LIMIT_BYTES = 1 << 20;

    @Test
    void generationOverItsLongestTimeFailsWithATimeout() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("story", Map.of("text", "a", "repeat", "true", "interval", "5ms"))
                .limits(Duration.ofMillis(200), LIMIT_BYTES)
                .start()) {
            Reader reader = rig.submit(GenerationRequest.of("hi").withMaxTokens(4096));

            assertThat(reader.failure().code()).isEqualTo(FailureCode.NEXT_TOKEN_TIMEOUT);
            assertThat(rig.ended().outcome()).isEqualTo(Outcome.TIMED_OUT);
        }
    }

    @Test
    void textOverItsLimitEndsWithLength() throws Exception {
        try (var rig = GeneratorRig.with()
                .model("story", Map.of("text", "abcd", "repeat", "true"))
                .limits(Duration.ofSeconds(60), 10)
                .start()) {
            Reader reader = rig.submit(GenerationRequest.of("hi").withMaxTokens(4096));

            assertThat(reader.end().finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(reader.deltas().stream()
                            .mapToInt(delta -> delta.text().escapedLength())
                            .sum())
                    .isLessThanOrEqualTo(10);
        }
    }
}
