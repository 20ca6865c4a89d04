package dev.runnel.simulation;

import dev.runnel.limit.LocalLimiter;
import dev.runnel.limit.ObservedLimiter;
import dev.runnel.message.Ended;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** The permits of all keys: each is settled once, with what its generation has used. */
final class Permits {

    private final World world;
    private final LocalLimiter limiter;
    private final Map<String, Integer> open = new HashMap<>();
    private final Map<String, List<Long>> settled = new TreeMap<>();
    private final Map<String, List<Long>> used = new TreeMap<>();

    /** @param nanos the clock of the process, in nanoseconds */
    Permits(World world, LongSupplier nanos) {
        this.world = world;
        this.limiter = new LocalLimiter(nanos);
    }

    ObservedLimiter limiter() {
        return new ObservedLimiter(limiter, this::admitted);
    }

    private void admitted(ObservedLimiter.Admission admission) {
        String keyId = admission.keyId();
        open.merge(keyId, 1, Integer::sum);
        var settlement = admission.settlement();
        admission.settleBy(tokens -> {
            Plant plant = world.plant();
            if (tokens == 0 && plant.hits(Plant.Bug.PERMIT_KEPT)) {
                return;
            }
            long charged = tokens > 0 && plant.hits(Plant.Bug.WRONG_CHARGE) ? admission.reservedTokens() : tokens;
            settled(keyId, charged);
            settlement.accept(charged);
            if (plant.hits(Plant.Bug.SETTLED_TWICE)) {
                settled(keyId, charged);
            }
        });
    }

    private void settled(String keyId, long tokens) {
        int left = open.merge(keyId, -1, Integer::sum);
        world.rules().check(left >= 0, () -> "key %s has settled more permits than it got".formatted(keyId));
        if (tokens > 0) {
            settled.computeIfAbsent(keyId, key -> new ArrayList<>()).add(tokens);
        }
    }

    /** A generation's account. */
    void ended(Ended ended) {
        if (ended.usage().totalTokens() > 0) {
            used.computeIfAbsent(ended.keyId(), key -> new ArrayList<>())
                    .add((long) ended.usage().totalTokens());
        }
    }

    int open() {
        int sum = 0;
        for (int ofKey : open.values()) {
            sum += ofKey;
        }
        return sum;
    }

    /** After the last end. */
    void checkSettled() {
        world.rules().check(open() == 0, () -> "%d permits are not settled".formatted(open()));
        world.rules()
                .check(limiter.running() == open(), () -> "the limiter counts %d running".formatted(limiter.running()));
    }

    /** After the last end, if no message was lost. */
    void checkCharges() {
        settled.values().forEach(tokens -> tokens.sort(null));
        used.values().forEach(tokens -> tokens.sort(null));
        world.rules().check(settled.equals(used), () -> "charged %s, used %s".formatted(settled, used));
    }
}
