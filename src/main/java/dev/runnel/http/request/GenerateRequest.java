package dev.runnel.http.request;

import dev.runnel.resume.KeptRequest;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import dev.runnel.text.Utf8;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for a generation, validated against every rule that needs no model. It is the same for every route that
 * starts generations; the names of its members are not those of a route.
 *
 * @param turns the conversation, oldest first, at least one
 * @param turnsField the body's field that gave the turns; a refusal of the turns has it as {@code param}
 * @param maxTokens as the client sent it, or the default; 0, only with {@code maxTokensIsDefault}, is the model's
 *     default
 * @param maxTokensIsDefault whether it may be lowered to what the key's plan and the model's context leave; else such a
 *     request is refused
 * @param options a JSON object with what the engine alone reads, see {@link dev.runnel.message.Submit}; or empty
 * @param model the name that the client sent, or {@code null}
 * @param answer how the client wants the answer
 * @param kept what is kept of it with its text, if the generation is resumable
 */
public record GenerateRequest(
        List<Turn> turns,
        String turnsField,
        int maxTokens,
        boolean maxTokensIsDefault,
        Sampling sampling,
        String options,
        @Nullable String model,
        AnswerForm answer,
        KeptRequest kept) {

    /** Copies the turns. */
    public GenerateRequest {
        turns = List.copyOf(turns);
    }

    /** A request of which nothing is kept with its text. */
    public GenerateRequest(
            List<Turn> turns,
            String turnsField,
            int maxTokens,
            boolean maxTokensIsDefault,
            Sampling sampling,
            String options,
            @Nullable String model,
            AnswerForm answer) {
        this(turns, turnsField, maxTokens, maxTokensIsDefault, sampling, options, model, answer, KeptRequest.NONE);
    }

    /** A request of {@code /v1/generate}. */
    GenerateRequest(
            List<Turn> turns,
            String turnsField,
            int maxTokens,
            boolean maxTokensIsDefault,
            Sampling sampling,
            String options,
            @Nullable String model,
            boolean includeText) {
        this(
                turns,
                turnsField,
                maxTokens,
                maxTokensIsDefault,
                sampling,
                options,
                model,
                AnswerForm.ofGenerate(includeText));
    }

    /** Whether each event repeats the whole text. */
    public boolean includeText() {
        return answer.includeText();
    }

    /** The length of all contents in UTF-8. */
    public long promptBytes() {
        long bytes = 0;
        for (Turn turn : turns) {
            bytes += turn.utf8Length();
        }
        return bytes;
    }

    /** The same request with a conversation before its own turns, with its options, and what is kept of it. */
    public GenerateRequest continuing(List<Turn> conversation, String completeOptions, KeptRequest keeping) {
        return new GenerateRequest(
                conversation,
                turnsField,
                maxTokens,
                maxTokensIsDefault,
                sampling,
                completeOptions,
                model,
                answer,
                keeping);
    }

    /** The length of the options in UTF-8. */
    public long optionsBytes() {
        return Utf8.length(options);
    }

    /** Omits the contents: they never reach a log. */
    @Override
    public String toString() {
        return "GenerateRequest[" + turnsField + " of " + turns.size() + " turns, " + promptBytes()
                + " bytes, maxTokens=" + maxTokens + ", " + sampling + ", model=" + model + ", " + answer
                + "]";
    }
}
