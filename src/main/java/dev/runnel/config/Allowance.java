package dev.runnel.config;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The limits of a key. Empty means unlimited.
 *
 * @param requestsPerMinute 1 … 1 000 000; also the largest burst
 * @param tokensPerMinute 1 … 100 000 000, prompt and completion together; also the most that one request may reserve
 * @param concurrentGenerations waiting and running generations together, 1 … 100 000
 * @param maxTokens the largest {@code maxTokens} of one request, 1 or more
 * @param models the names of the models that requests may use
 */
public record Allowance(
        OptionalInt requestsPerMinute,
        OptionalInt tokensPerMinute,
        OptionalInt concurrentGenerations,
        OptionalInt maxTokens,
        Optional<Set<String>> models) {

    public static final int MAX_REQUESTS_PER_MINUTE = 1_000_000;
    public static final int MAX_TOKENS_PER_MINUTE = 100_000_000;
    public static final int MAX_CONCURRENT_GENERATIONS = 100_000;

    public static final Allowance UNLIMITED = new Allowance(
            OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty());

    public Allowance {
        check("requestsPerMinute", requestsPerMinute, MAX_REQUESTS_PER_MINUTE);
        check("tokensPerMinute", tokensPerMinute, MAX_TOKENS_PER_MINUTE);
        check("concurrentGenerations", concurrentGenerations, MAX_CONCURRENT_GENERATIONS);
        check("maxTokens", maxTokens, Integer.MAX_VALUE);
        models = models.map(Set::copyOf);
    }

    /** What both allow: the smaller one of each number, and the models in both sets. */
    public Allowance narrowedBy(Allowance other) {
        if (other.equals(UNLIMITED)) {
            return this;
        }
        return new Allowance(
                smaller(requestsPerMinute, other.requestsPerMinute),
                smaller(tokensPerMinute, other.tokensPerMinute),
                smaller(concurrentGenerations, other.concurrentGenerations),
                smaller(maxTokens, other.maxTokens),
                common(models, other.models));
    }

    /** Whether generations of the key are counted at all. */
    public boolean isLimited() {
        return requestsPerMinute.isPresent() || tokensPerMinute.isPresent() || concurrentGenerations.isPresent();
    }

    /**
     * The part of one of several nodes, each of which decides alone: the limits divided by their number, 1 or more.
     *
     * @param nodes 1 or more
     */
    public Allowance share(int nodes) {
        return new Allowance(
                share(requestsPerMinute, nodes),
                share(tokensPerMinute, nodes),
                share(concurrentGenerations, nodes),
                maxTokens,
                models);
    }

    private static OptionalInt share(OptionalInt limit, int nodes) {
        return limit.isPresent() ? OptionalInt.of(Math.max(1, limit.getAsInt() / nodes)) : limit;
    }

    public boolean allowsModel(String name) {
        return models.isEmpty() || models.get().contains(name);
    }

    private static void check(String name, OptionalInt value, int max) {
        if (value.isPresent() && (value.getAsInt() < 1 || value.getAsInt() > max)) {
            throw new IllegalArgumentException(name + ": " + value.getAsInt() + " (expected: 1 … " + max + ")");
        }
    }

    private static OptionalInt smaller(OptionalInt one, OptionalInt other) {
        if (one.isEmpty()) {
            return other;
        }
        return other.isEmpty() || one.getAsInt() <= other.getAsInt() ? one : other;
    }

    private static Optional<Set<String>> common(Optional<Set<String>> one, Optional<Set<String>> other) {
        if (one.isEmpty()) {
            return other;
        }
        if (other.isEmpty()) {
            return one;
        }
        Set<String> names = new HashSet<>(one.get());
        names.retainAll(other.get());
        return Optional.of(names);
    }
}
