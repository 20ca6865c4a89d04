package dev.runnel.message;

import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a generator to run one generation. Answered with {@link Accepted}, or with {@link Failed} of sequence 0.
 *
 * @param model the model's name; empty is the generator's default model
 * @param maxTokens tokens to generate at most; 0, only with {@code maxTokensIsDefault}, is the generator's default
 * @param maxTokensIsDefault whether the caller left it out
 * @param caller the subject of the caller's key; empty where a verticle asks on its own behalf
 * @param keyId the {@code jti} of the caller's key, or empty
 * @param requestId what the caller's logs know the request by, or empty
 * @param traceparent the W3C trace context, or {@code null}
 * @param inbox the address that deltas and the end go to
 */
public record Submit(
        String model,
        List<Turn> turns,
        Sampling sampling,
        int maxTokens,
        boolean maxTokensIsDefault,
        String caller,
        String keyId,
        String requestId,
        @Nullable String traceparent,
        String inbox) {

    public Submit {
        turns = List.copyOf(turns);
    }
}
