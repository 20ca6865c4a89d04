package dev.runnel.engine;

import dev.runnel.text.Failure;
import java.util.Optional;

/**
 * The member {@code tool_choice} of the options, for an engine that calls no tools. Such an engine may answer with text
 * where tools are offered, and reads no definition of a tool.
 */
public final class ToolChoice {

    private static final int LONGEST_SHOWN = 64;

    private ToolChoice() {}

    /**
     * The refusal of a prompt that demands a call.
     *
     * @param options the prompt's
     * @return {@code INVALID_REQUEST} unless the choice is {@code auto}, {@code none} or absent
     */
    public static Optional<Failure> refusal(Options options) {
        String choice = options.member(Options.TOOL_CHOICE).orElse("\"auto\"");
        if (choice.equals("\"auto\"") || choice.equals("\"none\"")) {
            return Optional.empty();
        }
        boolean isWord = choice.startsWith("\"") && choice.length() <= LONGEST_SHOWN;
        return Optional.of(Failure.invalid(
                Options.TOOL_CHOICE,
                Options.TOOL_CHOICE + ": " + (isWord ? choice : "an object")
                        + " is not supported (expected: auto or none with this model)"));
    }
}
