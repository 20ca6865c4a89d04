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
 * @param problem why it is not available, one line for the operator; {@code null} while it is available
 */
public record ModelState(
        String name,
        boolean isDefault,
        boolean available,
        int contextTokens,
        int maxTokens,
        @Nullable String problem) {}
