package dev.runnel.client;

import dev.runnel.message.Submit;
import dev.runnel.text.Sampling;
import dev.runnel.text.Surrogates;
import dev.runnel.text.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to generate. {@link #of} leaves every setting to the service; the {@code with…} methods change a part of it.
 *
 * @param model the model's name; empty is the generator's default model
 * @param turns the conversation, oldest first, at least one
 * @param sampling how tokens are chosen and where the text stops
 * @param maxTokens tokens to generate at most; 0, only with {@code maxTokensIsDefault}, is the generator's default
 * @param maxTokensIsDefault whether the caller left {@code maxTokens} out, so that it may be lowered to what the
 *     context leaves
 * @param caller the subject of the caller's key; empty where a verticle asks on its own behalf
 * @param keyId the {@code jti} of the caller's key, or empty
 * @param requestId the name of the request in the caller's logs, or empty
 * @param traceparent the W3C trace context, or {@code null}
 * @param share of a model's places to run that the key may use, more than 0, at most 1
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
        @Nullable String traceparent,
        double share) {

    /**
     * Checks what UTF-8 cannot express.
     *
     * @throws IllegalArgumentException if a turn or stop sequence has a lone surrogate
     */
    public GenerationRequest {
        turns = List.copyOf(turns);
        for (Turn turn : turns) {
            check(turn.content());
        }
        for (String sequence : sampling.stop()) {
            check(sequence);
        }
    }

    private static void check(String text) {
        if (Surrogates.hasUnpaired(text)) {
            throw new IllegalArgumentException("turns or stop with a lone surrogate (expected: whole code points)");
        }
    }

    /**
     * One user turn for the default model, with every default.
     *
     * @param prompt the turn's content
     * @return the request
     * @throws IllegalArgumentException if the prompt has a lone surrogate
     */
    public static GenerationRequest of(String prompt) {
        return new GenerationRequest("", List.of(Turn.user(prompt)), Sampling.UNSET, 0, true, "", "", "", null, 1);
    }

    /**
     * The same for another model.
     *
     * @param name the model's name
     * @return the request
     */
    public GenerationRequest withModel(String name) {
        return new GenerationRequest(
                name, turns, sampling, maxTokens, maxTokensIsDefault, caller, keyId, requestId, traceparent, share);
    }

    /**
     * The same with another conversation.
     *
     * @param conversation the turns, oldest first, at least one
     * @return the request
     * @throws IllegalArgumentException if a turn has a lone surrogate
     */
    public GenerationRequest withTurns(List<Turn> conversation) {
        return new GenerationRequest(
                model,
                conversation,
                sampling,
                maxTokens,
                maxTokensIsDefault,
                caller,
                keyId,
                requestId,
                traceparent,
                share);
    }

    /**
     * The same with other settings.
     *
     * @param settings how tokens are chosen and where the text stops
     * @return the request
     * @throws IllegalArgumentException if a stop sequence has a lone surrogate
     */
    public GenerationRequest withSampling(Sampling settings) {
        return new GenerationRequest(
                model, turns, settings, maxTokens, maxTokensIsDefault, caller, keyId, requestId, traceparent, share);
    }

    /**
     * The same with another {@code maxTokens}. The request is refused where it does not fit.
     *
     * @param tokens tokens to generate at most, 1 or more
     * @return the request
     */
    public GenerationRequest withMaxTokens(int tokens) {
        return new GenerationRequest(
                model, turns, sampling, tokens, false, caller, keyId, requestId, traceparent, share);
    }

    /**
     * The same for another caller.
     *
     * @param subject the subject of the caller's key
     * @param key the {@code jti} of the caller's key
     * @return the request
     */
    public GenerationRequest withCaller(String subject, String key) {
        return new GenerationRequest(
                model, turns, sampling, maxTokens, maxTokensIsDefault, subject, key, requestId, traceparent, share);
    }

    /**
     * The same with another name in logs and traces.
     *
     * @param id the name of the request in the caller's logs
     * @param trace the W3C trace context, or {@code null}
     * @return the request
     */
    public GenerationRequest withRequestId(String id, @Nullable String trace) {
        return new GenerationRequest(
                model, turns, sampling, maxTokens, maxTokensIsDefault, caller, keyId, id, trace, share);
    }

    /**
     * The same with another share.
     *
     * @param part of a model's places to run that the key may use, more than 0, at most 1
     * @return the request
     */
    public GenerationRequest withShare(double part) {
        return new GenerationRequest(
                model, turns, sampling, maxTokens, maxTokensIsDefault, caller, keyId, requestId, traceparent, part);
    }

    Submit submit(String inbox) {
        return new Submit(
                model,
                turns,
                sampling,
                maxTokens,
                maxTokensIsDefault,
                caller,
                keyId,
                requestId,
                traceparent,
                inbox,
                share);
    }
}
