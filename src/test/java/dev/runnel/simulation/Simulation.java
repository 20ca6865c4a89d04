package dev.runnel.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One run of one seed. First the clients, engines and the bus have faults; then nothing fails any more, and everything
 * must end within its time limits.
 */
final class Simulation implements Turns.Watch {

    /** By then the service listens, also if its loops have stood still. */
    private static final long STARTED_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(8);
    /** A client has up to twice 75 s to complete its next request. */
    private static final long LATEST_END_NANOS = TimeUnit.SECONDS.toNanos(180);

    /** Longer than the retention time. */
    private static final long LAST_MESSAGES_NANOS =
            Situation.LONGEST_RETENTION.plusSeconds(1).toNanos();

    private static final long CLOSES_NANOS = TimeUnit.SECONDS.toNanos(6);
    private static final int LATEST_FAULT_MILLIS = 7000;
    private static final int LONGEST_STANDSTILL_MILLIS = 40;

    private final World world;
    private final Service service;
    private final Choices.Draws order;
    private final Turns turns;
    private final List<Actor> actors = new ArrayList<>();

    /**
     * What a run showed.
     *
     * @param broken the first rule that was broken
     * @param faults the faults that happened, by their names
     * @param hash of all steps
     * @param lastSteps empty if no rule is broken
     */
    record Outcome(Optional<String> broken, Set<String> faults, long hash, long steps, String lastSteps) {}

    private Simulation(long seed, Set<String> omitted, Plant plant, boolean withHttp) {
        Choices choices = new Choices(seed, omitted);
        Situation situation = Situation.of(choices);
        this.world = World.of(choices, plant, situation.lanes());
        this.service = new Service(world, situation);
        this.order = choices.at("order");
        this.turns = new Turns(world, order, this);
        turns.add(world.loops().all(), Turns.Machine.RUNNING);
        Scene scene = new Scene(service);
        Choices.Draws draws = choices.at("clients");
        int count = draws.between(1, withHttp ? 6 : 8);
        for (int i = 1; i <= count; i++) {
            Actor actor = withHttp ? new HttpActor(world, scene, i) : new BusActor(world, scene, i);
            actors.add(actor);
            world.network().at(STARTED_NANOS, "arrival", actor::arrive);
        }
        operate(choices.at("operator"), scene);
    }

    /** The operator revokes keys and drains. */
    private void operate(Choices.Draws draws, Scene scene) {
        int revokedAt = draws.between(0, LATEST_FAULT_MILLIS);
        boolean isUsed = draws.chance(0.7);
        String keyId = scene.key(draws);
        if (draws.fault(0.2, "revokes a key")) {
            world.network()
                    .afterMillis(revokedAt, "a key is revoked", () -> scene.revoke(isUsed ? scene.lastKey() : keyId));
        }
        int drainAt = draws.between(LATEST_FAULT_MILLIS / 4, LATEST_FAULT_MILLIS);
        if (draws.fault(0.15, "drains")) {
            world.network().afterMillis(drainAt, "the drain starts", service::drain);
        }
    }

    static Outcome run(long seed, Set<String> omitted, Plant plant, boolean withHttp) {
        Simulation simulation = new Simulation(seed, omitted, plant, withHttp);
        try {
            simulation.run(withHttp);
            return simulation.outcome();
        } finally {
            simulation.close();
        }
    }

    private Outcome outcome() {
        return new Outcome(
                world.rules().broken(),
                world.choices().faults(),
                world.steps().hash(),
                world.steps().count(),
                world.rules().broken().isPresent() ? world.steps().lastOnes() : "");
    }

    private void run(boolean withHttp) {
        service.start(withHttp);
        turns.runUntil(CALM_NANOS);
        world.choices().calmDown();
        world.steps().add("simulation", "calms down");
        actors.forEach(Actor::calmDown);
        turns.runUntil(LATEST_END_NANOS, this::isOver);
        world.rules().check(isOver(), () -> "not everything ends: %s".formatted(open()));
        turns.runUntil(world.clock().nanoTime() + LAST_MESSAGES_NANOS);
        actors.forEach(Actor::checkEnd);
        service.checkEnd();
    }

    @Override
    public void timeMoves() {
        service.checkPlaces();
    }

    @Override
    public void timeHasMoved() {
        actors.forEach(Actor::check);
    }

    @Override
    public void hasRun() {
        if (order.chance(0.001) && !world.choices().isCalm()) {
            long millis = order.between(1, LONGEST_STANDSTILL_MILLIS);
            world.clock().moveTo(world.clock().nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
        }
        service.checkBounds();
    }

    private boolean isOver() {
        return actors.stream().allMatch(Actor::isDone) && service.isQuiet();
    }

    private String open() {
        return actors.stream().filter(actor -> !actor.isDone()).map(Actor::name).toList() + ", "
                + service.permits().open() + " permits open";
    }

    /** Not a part of the run. */
    private void close() {
        world.loops().close();
        turns.close(service.close(), CLOSES_NANOS);
    }
}
