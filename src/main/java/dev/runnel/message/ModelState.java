package dev.runnel.message;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configured model as it is now.
 *
 * @param name as requests name it
 * @param isDefault whether requests that name no model use it
 * @param available whether it accepts requests now
 * @param contextTokens prompt and completion together, at most; 0 where that is not known (yet)
 * @param maxTokens the largest {@code maxTokens} that a request may ask of it
 * @param answerTokens the most tokens of an answer where a client of an OpenAI-compatible route sets no bound. 0: the
 *     model's server decides
 * @param hasTemplate whether it accepts conversations; else a prompt alone, which is the start of its text
 * @param passThrough the names of the members of a request of an OpenAI-compatible route that the model's server gets
 *     as they came
 * @param createdSeconds when it became known to this process, in seconds since 1970; does not change
 * @param problem why it is not available, one line for the operator; {@code null} while it is available
 */
public record ModelState(
        String name,
        boolean isDefault,
        boolean available,
        int contextTokens,
        int maxTokens,
        int answerTokens,
        boolean hasTemplate,
        Set<String> passThrough,
        long createdSeconds,
        @Nullable String problem) {

    /** Copies the names. */
    public ModelState {
        passThrough = Set.copyOf(passThrough);
    }

    /** A model that gets no other members than those that the service reads. */
    public ModelState(
            String name,
            boolean isDefault,
            boolean available,
            int contextTokens,
            int maxTokens,
            int answerTokens,
            boolean hasTemplate,
            long createdSeconds,
            @Nullable String problem) {
        this(
                name,
                isDefault,
                available,
                contextTokens,
                maxTokens,
                answerTokens,
                hasTemplate,
                Set.of(),
                createdSeconds,
                problem);
    }

    /** The same model with other bounds of {@code maxTokens}. */
    public ModelState withMaxTokens(int most) {
        return new ModelState(
                name,
                isDefault,
                available,
                contextTokens,
                most,
                answerTokens,
                hasTemplate,
                passThrough,
                createdSeconds,
                problem);
    }
}
