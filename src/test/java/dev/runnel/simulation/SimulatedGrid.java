package dev.runnel.simulation;

import dev.runnel.cluster.PlayedKeys;
import dev.runnel.cluster.PlayedMember;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What Hazelcast does for a cluster: who is a member, as each one sees it, and the maps that all share. Each entry is
 * there twice, so that the death of one member loses none.
 */
final class SimulatedGrid {

    /** As measured: a dead process is noticed after 0.4 to 1.3 s. */
    private static final int MIN_DEATH_MILLIS = 400;

    private static final int MAX_DEATH_MILLIS = 1300;
    /** A silent member is removed after 15 to 23 s. */
    private static final int MIN_REMOVAL_MILLIS = 15_000;

    private static final int MAX_REMOVAL_MILLIS = 23_000;
    private static final int MIN_MERGE_MILLIS = 5000;
    private static final int MAX_MERGE_MILLIS = 10_000;
    private static final int MAX_APART_MILLIS = 200;
    private static final int LONGEST_STEP_MILLIS = 4;

    private final World world;
    private final Choices.Draws draws;
    private final Map<String, Member> members = new LinkedHashMap<>();
    /** The resumable generations by their ids. */
    private final Map<String, byte[]> generations = new TreeMap<>();
    /** The idempotency keys. */
    private final Map<String, byte[]> keys = new TreeMap<>();

    /** Members that do not answer, because their process or their link does not work, and since which fault. */
    private final Map<String, Integer> silent = new LinkedHashMap<>();

    private int faults;

    /** When steps on entries of a member that has died are answered again. */
    private long wholeNanos;

    /** One node. */
    private static final class Member {

        private final Map<String, String> view = new LinkedHashMap<>();
        private final List<Runnable> onChange = new ArrayList<>();
        /** Whether the others have removed it. */
        private boolean isRemoved;

        private void changed() {
            List.copyOf(onChange).forEach(Runnable::run);
        }
    }

    SimulatedGrid(World world) {
        this.world = world;
        this.draws = world.choices().at("grid");
    }

    Map<String, byte[]> generations() {
        return generations;
    }

    Map<String, byte[]> keys() {
        return keys;
    }

    /** A node becomes a member, and sees the others. */
    void join(String node) {
        Member joining = new Member();
        joining.view.put(node, node + ":1");
        members.put(node, joining);
        merge(node, joining);
    }

    private void merge(String node, Member joining) {
        joining.isRemoved = false;
        members.forEach((other, member) -> {
            if (!other.equals(node) && !member.isRemoved) {
                member.view.put(node, node + ":1");
                joining.view.put(other, other + ":1");
                member.changed();
            }
        });
        joining.changed();
    }

    /** What one node sees. */
    PlayedMember.View view(String node) {
        Member member = members.get(node);
        return new PlayedMember.View(() -> member.view, member.onChange::add);
    }

    /** Whether a node sees another one as a member. */
    boolean sees(String node, String other) {
        Member member = members.get(node);
        return member != null && member.view.containsKey(other);
    }

    /** A process has died. The others notice it one after another. */
    void died(String node) {
        members.remove(node);
        int millis = draws.between(MIN_DEATH_MILLIS, MAX_DEATH_MILLIS);
        wholeNanos = world.clock().nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        remove(node, millis, () -> true);
    }

    private void remove(String node, long millis, Supplier<Boolean> stillSilent) {
        for (String other : List.copyOf(members.keySet())) {
            if (!other.equals(node)) {
                long at = millis + draws.between(0, MAX_APART_MILLIS);
                world.network().afterMillis(at, other + " removes " + node, () -> {
                    Member member = members.get(other);
                    if (member != null && stillSilent.get() && member.view.remove(node) != null) {
                        member.changed();
                    }
                });
            }
        }
    }

    /**
     * A process does not run, or its links are cut. If that lasts, the others remove it.
     *
     * @param runs whether it removes the others too
     */
    void silent(String node, boolean runs) {
        int fault = ++faults;
        silent.put(node, fault);
        Member member = members.get(node);
        long millis = draws.between(MIN_REMOVAL_MILLIS, MAX_REMOVAL_MILLIS);
        Supplier<Boolean> stillSilent = () -> silent.getOrDefault(node, 0) == fault && members.get(node) == member;
        world.network().afterMillis(millis, node + " is removed", () -> {
            if (stillSilent.get()) {
                member.isRemoved = true;
                if (runs) {
                    seesItself(node, member);
                }
            }
        });
        remove(node, millis, stillSilent);
    }

    /** It answers again. If it was removed, it has lost the others too, and comes back after a while. */
    void back(String node) {
        silent.remove(node);
        Member member = members.get(node);
        if (member == null || !member.isRemoved) {
            return;
        }
        seesItself(node, member);
        world.network().afterMillis(draws.between(MIN_MERGE_MILLIS, MAX_MERGE_MILLIS), node + " merges", () -> {
            if (members.get(node) == member) {
                merge(node, member);
            }
        });
    }

    private static void seesItself(String node, Member member) {
        if (member.view.keySet().removeIf(other -> !other.equals(node))) {
            member.changed();
        }
    }

    /** The steps on idempotency keys, as a node does them. */
    PlayedKeys.Steps steps(String node, Vertx vertx) {
        return (key, step) -> ask(node, vertx, () -> PlayedKeys.apply(keys, key, step, owner()::containsKey));
    }

    /** What the member sees that has an entry: any one. */
    private Map<String, String> owner() {
        List<Member> there =
                members.values().stream().filter(member -> !member.isRemoved).toList();
        return there.get(draws.between(0, there.size() - 1)).view;
    }

    /** Does something with the maps; completes on the calling context. */
    <T> Future<T> ask(String node, Vertx vertx, Supplier<T> step) {
        ContextInternal caller = (ContextInternal) vertx.getOrCreateContext();
        Promise<T> answer = caller.promise();
        long due = world.clock().nanoTime() + TimeUnit.MILLISECONDS.toNanos(draws.between(0, LONGEST_STEP_MILLIS));
        long at = draws.chance(0.7) ? Math.max(due, wholeNanos) : due;
        boolean isAtSilentOne = draws.chance(0.6);
        world.network().at(at, "a step of " + node + " in the grid", () -> run(node, step, answer, isAtSilentOne));
        return answer.future();
    }

    /** A silent member has a part of the entries: steps on them wait. So do all steps of one that is silent itself. */
    private <T> void run(String node, Supplier<T> step, Promise<T> answer, boolean isAtSilentOne) {
        Member asking = members.get(node);
        if (asking == null) {
            return;
        }
        boolean waits = silent.containsKey(node)
                || asking.isRemoved
                || (isAtSilentOne && silent.keySet().stream().anyMatch(other -> sees(node, other)));
        if (waits) {
            long millis = draws.between(MIN_DEATH_MILLIS, MAX_DEATH_MILLIS);
            world.network()
                    .afterMillis(millis, "a step of " + node + " waits", () -> run(node, step, answer, isAtSilentOne));
        } else {
            answer.tryComplete(step.get());
        }
    }
}
