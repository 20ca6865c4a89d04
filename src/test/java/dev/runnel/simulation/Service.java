package dev.runnel.simulation;

import dev.runnel.auth.FixedKeys;
import dev.runnel.message.Addresses;
import dev.runnel.message.Ended;
import dev.runnel.message.codec.MessageCodecs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The service of one process, with the bus that has faults. */
final class Service {

    private final World world;
    private final Situation situation;
    private final Vertx vertx;
    private final Rooms rooms;
    private final BusFaults bus;
    private final KeptRules kept;

    /** In place of the lanes with HTTP. */
    private final List<BusLane> busLanes = new ArrayList<>();

    private boolean drainStarted;
    private boolean drained;

    Service(World world, Situation situation) {
        this.world = world;
        this.situation = situation;
        this.vertx = SimulatedVertx.of(world);
        this.bus = new BusFaults(world, vertx.eventBus());
        this.rooms = new Rooms(
                world,
                vertx,
                situation,
                world.clock(),
                new SimulatedEngine(world, situation.sequences(), situation.preparesAtOnce()));
        this.kept = new KeptRules(world, situation, rooms.registry());
    }

    /** Starts; the simulation runs the loops until it is complete. */
    void start(boolean withHttp) {
        vertx.exceptionHandler(failure -> world.rules().fail("an exception: " + failure));
        MessageCodecs.register(vertx.eventBus());
        bus.install();
        vertx.getOrCreateContext()
                .runOnContext(
                        turn -> vertx.eventBus().<Ended>consumer(Addresses.ENDED, message -> ended(message.body())));
        rooms.models().open();
        (withHttp ? deployLanes() : deployBusLanes())
                .onFailure(failure -> world.rules().fail("not started: " + failure));
    }

    private Future<?> deployLanes() {
        rooms.openKeys();
        var generators = rooms.generators(Optional.empty());
        var http = rooms.http(kept.kept());
        return situation.apart()
                ? rooms.lanes().deployApart(vertx, situation.lanes(), generators, http)
                : rooms.lanes().deploy(vertx, situation.lanes(), generators, http);
    }

    private Future<?> deployBusLanes() {
        List<Future<?>> started = new ArrayList<>();
        for (int i = 0; i < situation.lanes(); i++) {
            boolean hasGenerator = i == 0 || !situation.apart();
            BusLane lane = new BusLane(
                    hasGenerator ? Optional.of(rooms.generators(Optional.empty())) : Optional.empty(), rooms.names());
            busLanes.add(lane);
            started.add(vertx.deployVerticle(lane));
        }
        return Future.join(started);
    }

    private void ended(Ended ended) {
        world.rules().ended(ended.generationId());
        if (busLanes.isEmpty()) {
            permits().ended(ended);
        }
    }

    long nowNanos() {
        return world.clock().nanoTime();
    }

    Future<?> close() {
        return rooms.close();
    }

    Vertx vertx() {
        return vertx;
    }

    Situation situation() {
        return situation;
    }

    Permits permits() {
        return rooms.permits();
    }

    BusFaults bus() {
        return bus;
    }

    void revoke(String keyId) {
        world.steps().add("operator", "revokes " + keyId);
        if (!world.plant().hits(Plant.Bug.IGNORED_REVOCATION)) {
            rooms.keyring().ifPresent(keyring -> FixedKeys.revoke(keyring.revocations(), keyId));
        }
    }

    void drain() {
        drainStarted = true;
        world.steps().add("operator", "drains");
        rooms.models().drain();
        (busLanes.isEmpty() ? rooms.lanes().drain(Situation.DRAIN) : drainBusLanes()).onComplete(done -> {
            drained = true;
            world.steps().add("operator", "has drained");
            world.rules().check(done.succeeded(), () -> "the drain failed: %s".formatted(done.cause()));
        });
    }

    /** As a drain with HTTP does: what runs may go on for a while, and is cut then. */
    private Future<?> drainBusLanes() {
        Future<?> ended = Future.join(busLanes.stream().map(BusLane::drain).toList());
        vertx.setTimer(Situation.DRAIN.toMillis(), passed -> busLanes.forEach(BusLane::cut));
        return ended;
    }

    List<BusLane> busLanes() {
        return busLanes;
    }

    boolean isDraining() {
        return drainStarted;
    }

    /** Whether nothing waits or runs, except what an engine does not end. */
    boolean isQuiet() {
        return permits().open() == 0 && rooms.queue().waiting() == 0 && drained == drainStarted;
    }

    void checkBounds() {
        int waiting = rooms.queue().waiting();
        int running = rooms.queue().running();
        world.rules()
                .check(
                        waiting <= situation.queue(),
                        () -> "%d wait in a queue of %d".formatted(waiting, situation.queue()));
        world.rules()
                .check(
                        running <= situation.sequences(),
                        () -> "%d run of %d".formatted(running, situation.sequences()));
        kept.checkBounds();
    }

    /** When no work is ready: each place to run is that of an engine's run. */
    void checkPlaces() {
        long runs = world.reference().unended();
        world.rules()
                .check(
                        rooms.queue().running() == runs,
                        () -> "%d places are taken, %d engines run"
                                .formatted(rooms.queue().running(), runs));
        long held = rooms.held();
        long most = situation.heldBytes();
        world.rules().check(held <= most, () -> "%d bytes are held, %d are the bound".formatted(held, most));
    }

    void checkEnd() {
        permits().checkSettled();
        if (!bus.wereMessagesLost()) {
            permits().checkCharges();
        }
        int waiting = rooms.queue().waiting();
        world.rules().check(waiting == 0, () -> "%d wait at the end".formatted(waiting));
        world.rules().check(rooms.held() == 0, () -> "%d bytes are held at the end".formatted(rooms.held()));
        kept.checkEnd();
        checkPlaces();
    }
}
