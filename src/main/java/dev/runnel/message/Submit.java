package dev.runnel.message;

import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a generator to run one generation. Answered with {@link Accepted}, or with {@link Failed} of sequence 0.
 *
 * @param model the model's name; empty is the generator's default model
 * @param turns the conversation, oldest first, at least one
 * @param sampling how tokens are chosen and where the text stops
 * @param maxTokens tokens to generate at most; 0, only with {@code maxTokensIsDefault}, is the generator's default
 * @param maxTokensIsDefault whether the caller left {@code maxTokens} out
 * @param caller the subject of the caller's key; empty where a verticle asks on its own behalf
 * @param keyId the {@code jti} of the caller's key, or empty
 * @param requestId the name of the request in the caller's logs, or empty
 * @param traceparent the W3C trace context, or {@code null}
 * @param inbox the address that the generation's {@link InboxMessage}s go to
 * @param share of a model's places to run that the key may use, more than 0, at most 1
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
        String inbox,
        double share) {

    /** Copies the turns. */
    public Submit {
        turns = List.copyOf(turns);
    }
}
