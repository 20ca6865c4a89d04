package dev.runnel.limit;

import dev.runnel.config.Allowance;
import dev.runnel.limit.LimitDecision.Admitted;
import dev.runnel.limit.LimitDecision.Reason;
import dev.runnel.limit.LimitDecision.Refused;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * What a {@link Ledger} decides.
 *
 * @param refusal the limit that was reached; empty for an admission
 * @param retryAfterSeconds as in {@link Refused}
 */
record Verdict(Optional<Reason> refusal, int retryAfterSeconds, LimitState state) {

    /** @param settlement settles the permit of an admission */
    LimitDecision decision(Allowance allowance, Demand demand, LongConsumer settlement) {
        return refusal.isEmpty()
                ? new Admitted(new Permit(settlement), state)
                : refused(refusal.get(), allowance, demand);
    }

    Refused refused(Reason reason, Allowance allowance, Demand demand) {
        String message = switch (reason) {
            case REQUESTS ->
                "This key has used its " + allowance.requestsPerMinute().orElse(0)
                        + " requests per minute: try again in " + retryAfterSeconds + " s";
            case TOKENS ->
                "This key has too few tokens left of its "
                        + allowance.tokensPerMinute().orElse(0) + " per minute: try again in " + retryAfterSeconds
                        + " s, or with a smaller maxTokens";
            case CONCURRENCY ->
                "This key has " + state.running() + " generations waiting or running (limit "
                        + allowance.concurrentGenerations().orElse(Ledger.MAX_RUNNING)
                        + "): wait until one of them ends";
            case EXCEEDS_PLAN ->
                "The prompt and maxTokens need " + demand.tokens() + " tokens, and this key may use "
                        + allowance.tokensPerMinute().orElse(0)
                        + " per minute: send a shorter prompt or a smaller maxTokens";
            case CROWDED -> "Too many keys are in use at once: try again in 1 s";
            case UNDECIDED ->
                "The other nodes of the cluster do not answer in time, and the limits of this key cannot be checked:"
                        + " try again in 1 s";
        };
        return new Refused(reason, message, retryAfterSeconds, state);
    }
}
