package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One entry of {@code plans}: the limits of the keys that name it.
 *
 * @param name the plan's name in keys
 * @param share how many of a model's places to run one key may use, rounded up: more than 0, at most 1
 */
public record PlanConfig(String name, Allowance allowance, double share) {

    /** All places. */
    public static final double WHOLE = 1;

    /** A plan whose keys may use all places. */
    public PlanConfig(String name, Allowance allowance) {
        this(name, allowance, WHOLE);
    }

    static PlanConfig read(Section section) {
        return new PlanConfig(
                section.required("name", ModelConfig.NAME),
                new Allowance(
                        number(section, "requestsPerMinute", Allowance.MAX_REQUESTS_PER_MINUTE),
                        number(section, "tokensPerMinute", Allowance.MAX_TOKENS_PER_MINUTE),
                        number(section, "concurrentGenerations", Allowance.MAX_CONCURRENT_GENERATIONS),
                        number(section, "maxTokens", Integer.MAX_VALUE),
                        section.has("models")
                                ? Optional.of(Set.copyOf(section.list("models", ModelConfig.NAME)))
                                : Optional.empty()),
                section.value("share", Rule.numberAbove(0, 1), WHOLE));
    }

    private static OptionalInt number(Section section, String key, int max) {
        return section.optional(key, Rule.integer(1, max)).map(OptionalInt::of).orElse(OptionalInt.empty());
    }
}
