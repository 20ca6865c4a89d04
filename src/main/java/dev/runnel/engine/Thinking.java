package dev.runnel.engine;

import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import java.util.Optional;

/** Whether a model must think before its answer, as the caller asks for it in {@link Prompt#options}. */
public final class Thinking {

    private Thinking() {}

    /**
     * What the member {@link Options#THINKING} demands.
     *
     * @param options the prompt's
     * @return empty without the member
     * @throws GenerationException with {@code INVALID_REQUEST} if it is not a boolean
     */
    public static Optional<Boolean> demanded(Options options) {
        Optional<String> member = options.member(Options.THINKING);
        if (member.isPresent() && !member.get().equals("true") && !member.get().equals("false")) {
            throw new GenerationException(
                    Failure.invalid(Options.THINKING, Options.THINKING + ": another value (expected: true or false)"));
        }
        return member.map("true"::equals);
    }

    /**
     * The refusal of a prompt that demands something, by a model that does not know it.
     *
     * @param options the prompt's
     * @return {@code INVALID_REQUEST}; empty without the member
     */
    public static Optional<Failure> refusal(Options options) {
        return demanded(options)
                .map(value -> Failure.invalid(
                        Options.THINKING,
                        Options.THINKING + ": " + value + " is not supported (expected: no such member with this model,"
                                + " whose template does not know it)"));
    }

    /**
     * Whether the caller would have the model answer at once, where it can: {@code reasoning_effort} is {@code none}.
     *
     * @param options the prompt's
     * @return false without the member
     */
    public static boolean isUnwanted(Options options) {
        return options.member(Options.REASONING_EFFORT).orElse("").equals("\"none\"");
    }
}
