package dev.runnel.client;

import dev.runnel.message.Submit;
import dev.runnel.text.Sampling;
import dev.runnel.text.Surrogates;
import dev.runnel.text.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verticle wants generated. {@link #of} gives one that leaves everything to the service; the {@code with…} methods
 * change a part of it.
 *
 * @param model the model's name; empty is the generator's default model
 * @param turns the conversation, oldest first, at least one
 * @param maxTokens tokens to generate at most; 0, only with {@code maxTokensIsDefault}, is the generator's default
 * @param maxTokensIsDefault whether nobody asked for this number, so that it may be lowered to what the context leaves
 * @param caller the subject of the caller's key; empty where a verticle asks on its own behalf
 * @param keyId the {@code jti} of the caller's key, or empty
 * @param requestId what the caller's logs know the request by, or empty
 * @param traceparent the W3C trace context, or {@code null}
 */
public record GenerationRequest(
        String model,
        List<Turn> turns,
        Sampling sampling,
        int maxTokens,
        boolean maxTokensIsDefault,
        String caller,
        String keyId,
        String requestId,
        @Nullable String traceparent) {

    /**
     * Checks what no node could carry.
     *
     * @throws IllegalArgumentException if a turn or stop sequence holds a lone surrogate
     */
    public GenerationRequest {
        turns = List.copyOf(turns);
        if (turns.stream().map(Turn::content).anyMatch(Surrogates::hasUnpaired)
                || sampling.stop().stream().anyMatch(Surrogates::hasUnpaired)) {
            throw new IllegalArgumentException("turns or stop with a lone surrogate (expected: whole code points)");
        }
    }

    /** One user turn for the default model, with every default. */
    public static GenerationRequest of(String prompt) {
        return new GenerationRequest("", List.of(Turn.user(prompt)), Sampling.UNSET, 0, true, "", "", "", null);
    }

    public GenerationRequest withModel(String name) {
        return new GenerationRequest(
                name, turns, sampling, maxTokens, maxTokensIsDefault, caller, keyId, requestId, traceparent);
    }

    public GenerationRequest withTurns(List<Turn> conversation) {
        return new GenerationRequest(
                model, conversation, sampling, maxTokens, maxTokensIsDefault, caller, keyId, requestId, traceparent);
    }

    public GenerationRequest withSampling(Sampling settings) {
        return new GenerationRequest(
                model, turns, settings, maxTokens, maxTokensIsDefault, caller, keyId, requestId, traceparent);
    }

    /** Asks for this many tokens at most, 1 or more; refused where they do not fit. */
    public GenerationRequest withMaxTokens(int tokens) {
        return new GenerationRequest(model, turns, sampling, tokens, false, caller, keyId, requestId, traceparent);
    }

    public GenerationRequest withCaller(String subject, String key) {
        return new GenerationRequest(
                model, turns, sampling, maxTokens, maxTokensIsDefault, subject, key, requestId, traceparent);
    }

    public GenerationRequest withRequestId(String id, @Nullable String trace) {
        return new GenerationRequest(model, turns, sampling, maxTokens, maxTokensIsDefault, caller, keyId, id, trace);
    }

    Submit submit(String inbox) {
        return new Submit(
                model, turns, sampling, maxTokens, maxTokensIsDefault, caller, keyId, requestId, traceparent, inbox);
    }
}
