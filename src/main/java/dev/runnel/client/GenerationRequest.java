package dev.runnel.client;

import dev.runnel.message.Origin;
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
 * @param options a JSON object with what the engine alone reads, such as {@code response_format}; empty without any
 * @param origin where the request comes from
 */
public record GenerationRequest(
        String model,
        List<Turn> turns,
        Sampling sampling,
        int maxTokens,
        boolean maxTokensIsDefault,
        String options,
        Origin origin) {

    /**
     * Checks what UTF-8 cannot express.
     *
     * @throws IllegalArgumentException if a turn, a stop sequence or the options have a lone surrogate
     */
    public GenerationRequest {
        turns = List.copyOf(turns);
        for (Turn turn : turns) {
            check(turn.isWhole());
        }
        for (String sequence : sampling.stop()) {
            check(!Surrogates.hasUnpaired(sequence));
        }
        check(!Surrogates.hasUnpaired(options));
    }

    private static void check(boolean isWhole) {
        if (!isWhole) {
            throw new IllegalArgumentException(
                    "turns, stop or options with a lone surrogate (expected: whole code points)");
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
        return new GenerationRequest("", List.of(Turn.user(prompt)), Sampling.UNSET, 0, true, "", Origin.NO_KEY);
    }

    /**
     * The same for another model.
     *
     * @param name the model's name
     * @return the request
     */
    public GenerationRequest withModel(String name) {
        return new GenerationRequest(name, turns, sampling, maxTokens, maxTokensIsDefault, options, origin);
    }

    /**
     * The same with another conversation.
     *
     * @param conversation the turns, oldest first, at least one
     * @return the request
     * @throws IllegalArgumentException if a turn has a lone surrogate
     */
    public GenerationRequest withTurns(List<Turn> conversation) {
        return new GenerationRequest(model, conversation, sampling, maxTokens, maxTokensIsDefault, options, origin);
    }

    /**
     * The same with other settings.
     *
     * @param settings how tokens are chosen and where the text stops
     * @return the request
     * @throws IllegalArgumentException if a stop sequence has a lone surrogate
     */
    public GenerationRequest withSampling(Sampling settings) {
        return new GenerationRequest(model, turns, settings, maxTokens, maxTokensIsDefault, options, origin);
    }

    /**
     * The same with another {@code maxTokens}. The request is refused where it does not fit.
     *
     * @param tokens tokens to generate at most, 1 or more
     * @return the request
     */
    public GenerationRequest withMaxTokens(int tokens) {
        return new GenerationRequest(model, turns, sampling, tokens, false, options, origin);
    }

    /**
     * The same with other options. The engine refuses the request if it does not understand them.
     *
     * @param json an object, at most {@link Submit#MAX_OPTIONS_BYTES} in UTF-8; empty without any
     * @return the request
     * @throws IllegalArgumentException if the text has a lone surrogate
     */
    public GenerationRequest withOptions(String json) {
        return new GenerationRequest(model, turns, sampling, maxTokens, maxTokensIsDefault, json, origin);
    }

    /**
     * The same from elsewhere.
     *
     * @param from where the request comes from
     * @return the request
     */
    public GenerationRequest withOrigin(Origin from) {
        return new GenerationRequest(model, turns, sampling, maxTokens, maxTokensIsDefault, options, from);
    }

    /**
     * The same for another caller.
     *
     * @param subject the subject of the caller's key
     * @param key the {@code jti} of the caller's key
     * @return the request
     */
    public GenerationRequest withCaller(String subject, String key) {
        return withOrigin(origin.withCaller(subject, key));
    }

    /**
     * The same with another name in logs and traces.
     *
     * @param id the name of the request in the caller's logs
     * @param trace the W3C trace context, or {@code null}
     * @return the request
     */
    public GenerationRequest withRequestId(String id, @Nullable String trace) {
        return withOrigin(origin.withRequestId(id, trace));
    }

    /**
     * The same with another share.
     *
     * @param part of a model's places to run that the key may use, more than 0, at most 1
     * @return the request
     */
    public GenerationRequest withShare(double part) {
        return withOrigin(origin.withShare(part));
    }

    Submit submit(String inbox) {
        return new Submit(model, turns, sampling, maxTokens, maxTokensIsDefault, options, origin, inbox);
    }

    /** Leaves the options out: they may hold the caller's text. */
    @Override
    public String toString() {
        return "GenerationRequest[model=" + model + ", turns=" + turns + ", sampling=" + sampling + ", maxTokens="
                + maxTokens + ", options=" + options.length() + " chars, origin=" + origin + "]";
    }
}
