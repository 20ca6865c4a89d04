package dev.runnel.auth;

import dev.runnel.config.Allowance;
import dev.runnel.config.PlanConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What callers may use: their plan, narrowed by their key's own claims. */
public final class Plans {

    private final Map<String, Allowance> byName;

    public Plans(List<PlanConfig> plans) {
        this.byName = plans.stream().collect(Collectors.toUnmodifiableMap(PlanConfig::name, PlanConfig::allowance));
    }

    /** Empty where there is no plan of the name that the key has. */
    public Optional<Allowance> allowanceOf(Caller caller) {
        return Optional.ofNullable(byName.get(caller.plan())).map(plan -> plan.narrowedBy(caller.narrowing()));
    }
}
