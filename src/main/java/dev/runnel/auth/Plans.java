package dev.runnel.auth;

import dev.runnel.config.Allowance;
import dev.runnel.config.PlanConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What callers may use: their plan, narrowed by the claims of their key. */
public final class Plans {

    private final Map<String, Allowance> byName;

    public Plans(List<PlanConfig> plans) {
        this.byName = plans.stream().collect(Collectors.toUnmodifiableMap(PlanConfig::name, PlanConfig::allowance));
    }

    /** Empty when no plan has the name that the key contains. */
    public Optional<Allowance> allowanceOf(Caller caller) {
        return Optional.ofNullable(byName.get(caller.plan())).map(plan -> plan.narrowedBy(caller.narrowing()));
    }
}
