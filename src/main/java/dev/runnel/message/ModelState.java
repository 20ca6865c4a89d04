package dev.runnel.message;

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
        long createdSeconds,
        @Nullable String problem) {}
