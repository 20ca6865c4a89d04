package dev.runnel.simulation;

import dev.runnel.auth.Revocations;
import dev.runnel.client.OtherNodes;
import dev.runnel.cluster.NodeFacts;
import dev.runnel.cluster.PlayedMember;
import dev.runnel.generator.KeptRuns;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.metric.ClusterMeters;
import dev.runnel.metric.CopyMeters;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.resume.KeptProbe;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One node of a cluster. Only the grid is played. */
final class ClusterNode implements Turns.Machine {

    private static final int MINIMUM_MEMBERS = 2;
    private static final int OTHERS = 2;
    private static final int CONTINUING = 4;

    private final String name;
    private final World world;
    private final NodeClock clock;
    private final Situation situation;
    private final SimulatedGrid grid;
    private final Vertx vertx;
    private final NodeBus bus;
    private final Rooms rooms;
    private final PlayedMember member;
    private final SimulatedDirectory directory;
    private final KeptGenerations kept;

    private boolean alive = true;
    private boolean runs = true;

    /**
     * Makes one that does not run yet.
     *
     * @param world of this process
     */
    ClusterNode(
            String name,
            World world,
            NodeClock clock,
            Situation situation,
            SimulatedGrid grid,
            ClusterNet net,
            ClusterRules rules) {
        this.name = name;
        this.world = world;
        this.clock = clock;
        this.situation = situation;
        this.grid = grid;
        this.vertx = SimulatedVertx.of(world);
        this.bus = new NodeBus(name, vertx, net, rules);
        this.rooms =
                new Rooms(world, vertx, situation, clock, new ContinuingEngine(world, name, situation.sequences()));
        rooms.openKeys();
        net.add(bus);
        grid.join(name);
        this.member = member();
        this.directory = new SimulatedDirectory(name, vertx, grid, member::isWhole);
        this.kept =
                new KeptGenerations(situation.resume(), new ResumeMeters(rooms.registry()), clock::nanoTime, directory);
    }

    private PlayedMember member() {
        OtherNodes nodes = OtherNodes.install(vertx, name, situation.apart(), CONTINUING, clock::nanoTime);
        var facts = new NodeFacts(
                "secret",
                () -> rooms.models().isDraining() ? List.of() : rooms.lanes().generators(),
                rooms.models()::places,
                new Revocations(),
                Duration.ofDays(1),
                new ClusterMeters(rooms.registry()));
        return new PlayedMember(vertx, grid.view(name), nodes, facts, OTHERS, MINIMUM_MEMBERS, clock::nanoTime);
    }

    /** Starts; the simulation runs the loops until it is complete. */
    void start() {
        world.steps().add(name, "starts");
        vertx.exceptionHandler(failure -> world.rules().fail(name + ": an exception: " + failure));
        MessageCodecs.register(vertx.eventBus());
        bus.install();
        vertx.getOrCreateContext()
                .runOnContext(turn -> member.join()
                        .compose(joined -> deploy())
                        .compose(deployed -> rooms.models().open())
                        .onSuccess(opened -> world.steps().add(name, "listens"))
                        .onFailure(failure -> world.rules().check(!alive, () -> name + " does not start: " + failure)));
    }

    private Future<?> deploy() {
        var copies =
                new KeptRuns(situation.resume(), rooms.memory(), new CopyMeters(rooms.registry()), directory::forget);
        return rooms.lanes().deploy(vertx, situation.lanes(), rooms.generators(Optional.of(copies)), rooms.http(kept));
    }

    String name() {
        return name;
    }

    Network network() {
        return world.network();
    }

    List<SimulatedLoop> loops() {
        return world.loops().all();
    }

    boolean isAlive() {
        return alive;
    }

    @Override
    public boolean runs() {
        return runs;
    }

    @Override
    public long realNanos(long ownNanos) {
        return clock.realNanos(ownNanos);
    }

    /** Whether it accepts generations. */
    boolean isReady() {
        return alive && runs && member.problem().isEmpty();
    }

    /** The process is gone, and its connections with it. */
    void die() {
        world.steps().add(name, "dies");
        alive = false;
        runs = false;
        world.network().die();
    }

    /** @param withItsClock whether the whole machine is paused */
    void freeze(boolean withItsClock) {
        world.steps().add(name, withItsClock ? "is paused" : "is frozen");
        runs = false;
        if (withItsClock) {
            clock.stop();
        }
    }

    void goOn() {
        world.steps().add(name, "runs again");
        clock.goOn();
        runs = alive;
    }

    boolean isQuiet() {
        return !alive
                || (rooms.permits().open() == 0
                        && rooms.queue().waiting() == 0
                        && rooms.queue().running() == 0);
    }

    /** When no work is ready: each place to run is that of an engine's run. */
    void checkPlaces() {
        if (alive && runs) {
            long its = world.reference().unended(name);
            int places = rooms.queue().running();
            world.rules()
                    .check(places == its, () -> "%s: %d places are taken, %d engines run".formatted(name, places, its));
        }
    }

    /** Whether no text, claim, reader or byte is left that {@link #checkEnd} would find. */
    boolean keepsNothing() {
        KeptProbe probe = new KeptProbe(kept);
        return !alive
                || (probe.generations() == 0 && probe.readers() == 0 && probe.pending() == 0 && rooms.held() == 0);
    }

    /** When the retention time of the last generation has passed. */
    void checkEnd() {
        if (!alive) {
            return;
        }
        KeptProbe probe = new KeptProbe(kept);
        rooms.permits().checkSettled();
        check(rooms.queue().waiting() == 0, rooms.queue().waiting() + " wait at the end");
        check(rooms.queue().running() == 0, rooms.queue().running() + " run at the end");
        check(probe.pending() == 0, probe.pending() + " claims are pending at the end");
        check(probe.readers() == 0, probe.readers() + " readers are counted at the end");
        check(probe.generations() == 0, probe.generations() + " texts are kept at the end");
        check(rooms.held() == 0, rooms.held() + " bytes are held at the end");
        check(member.problem().isEmpty(), member.problem().orElse(""));
    }

    private void check(boolean holds, String rule) {
        world.rules().check(holds, () -> name + ": " + rule);
    }

    /** Not a part of the run. */
    Future<?> close() {
        runs = true;
        clock.goOn();
        world.loops().close();
        return rooms.close();
    }
}
