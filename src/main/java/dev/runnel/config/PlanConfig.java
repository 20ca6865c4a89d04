package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One entry of {@code plans}: the limits of the keys that name it.
 *
 * @param name the plan's name in keys
 * @param share how many of a model's places to run one key may use, rounded up: more than 0, at most 1
 */
public record PlanConfig(String name, Allowance allowance, double share) {

    /** All places. */
    public static final double WHOLE = 1;

    private static final Rule<String> NAME = Rule.matching(
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"), "1 … 64 of A-Z a-z 0-9 . _ -, a letter or digit first");

    /** A plan whose keys may use all places. */
    public PlanConfig(String name, Allowance allowance) {
        this(name, allowance, WHOLE);
    }

    static PlanConfig read(Section section, Rule<String> model) {
        return new PlanConfig(
                section.required("name", NAME),
                new Allowance(
                        number(section, "requestsPerMinute", Allowance.MAX_REQUESTS_PER_MINUTE),
                        number(section, "tokensPerMinute", Allowance.MAX_TOKENS_PER_MINUTE),
                        number(section, "concurrentGenerations", Allowance.MAX_CONCURRENT_GENERATIONS),
                        number(section, "maxTokens", Integer.MAX_VALUE),
                        section.has("models")
                                ? Optional.of(Set.copyOf(section.list("models", model)))
                                : Optional.empty()),
                section.value("share", Rule.numberAbove(0, 1), WHOLE));
    }

    private static OptionalInt number(Section section, String key, int max) {
        return section.optional(key, Rule.integer(1, max)).map(OptionalInt::of).orElse(OptionalInt.empty());
    }
}
