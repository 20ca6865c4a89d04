package dev.runnel.auth;

import dev.runnel.config.Allowance;
import dev.runnel.config.PlanConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What callers may use: their plan, narrowed by the claims of their key. */
public final class Plans {

    private final Map<String, PlanConfig> byName;

    public Plans(List<PlanConfig> plans) {
        this.byName = plans.stream().collect(Collectors.toUnmodifiableMap(PlanConfig::name, plan -> plan));
    }

    /** Empty when no plan has the name that the key contains. */
    public Optional<Allowance> allowanceOf(Caller caller) {
        return Optional.ofNullable(byName.get(caller.plan()))
                .map(plan -> plan.allowance().narrowedBy(caller.narrowing()));
    }

    /** The share of a model's places to run, as {@link PlanConfig} has it; all of them without such a plan. */
    public double shareOf(Caller caller) {
        return Optional.ofNullable(byName.get(caller.plan()))
                .map(PlanConfig::share)
                .orElse(PlanConfig.WHOLE);
    }
}
