package dev.runnel.simulation;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client on one connection: it sends requests one after another, reads, stops reading, and leaves in many ways.
 *
 * <p>A client that comes back (section 4 of the contract) sends the same {@link SentRequest} on a further connection.
 * What arrives on an earlier one is ignored from then on.
 */
final class HttpActor implements Actor, ResponseReader.Listener {

    private static final int PORT = 40_000;
    private static final int PORTS_OF_ONE = 100;
    private static final int ADDRESSES = 4;
    private static final int MAX_BYTES = 60_000;
    private static final int LONGEST_PAUSE_MILLIS = 150;
    private static final int LONGEST_LATENCY_MILLIS = 30;
    private static final int LATEST_FAULT_MILLIS = 2500;
    private static final int LATEST_RETURN_MILLIS = 3000;
    private static final int LATEST_COMPANION_MILLIS = 400;
    private static final int ARRIVALS_MILLIS = 5000;
    private static final int MAX_RETURNS = 4;
    private static final long CANCELLED_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final long EVICTED_WITHIN_NANOS =
            Situation.STALL.multipliedBy(2).plusSeconds(1).toNanos();

    private final World world;
    private final Scene scene;
    private final int index;
    private final Choices.Draws draws;

    private ResponseReader reader = new ResponseReader(this);
    /** Connections on which it has vanished. */
    private final List<Wire> silent = new ArrayList<>();

    private int connections;
    private int requestsLeft;
    private int returnsLeft = MAX_RETURNS;
    private @Nullable Wire wire;
    private @Nullable SentRequest request;
    private long leftNanos = Long.MAX_VALUE;
    /** Whether it did something after which the server may close the connection. */
    private boolean mayBeCut;
    /** Whether it neither reads nor closes, ever. */
    private boolean vanished;
    /** Whether it waits for a text that it requests as well as another client. */
    private boolean accompanies;
    /** Whether it opens another connection soon. */
    private boolean returns;

    private boolean done;

    HttpActor(World world, Scene scene, int index) {
        this.world = world;
        this.scene = scene;
        this.index = index;
        this.draws = world.choices().at(name());
        this.requestsLeft = draws.between(1, 3);
    }

    @Override
    public String name() {
        return "client " + index;
    }

    @Override
    public void arrive() {
        if (index > 1 && draws.chance(0.3)) {
            accompanies = true;
            scene.accompany(this::accompany);
        } else {
            after(draws.between(0, ARRIVALS_MILLIS), "connects", () -> connect(scene.text(world, draws)));
        }
    }

    private void accompany(RequestedText text) {
        accompanies = false;
        after(draws.between(0, LATEST_COMPANION_MILLIS), "accompanies", () -> connect(text));
    }

    private void after(long millis, String what, Runnable action) {
        world.network().afterMillis(millis, name() + " " + what, action);
    }

    private @Nullable Wire open(Wire.Client client) {
        int bytes = draws.between(300, draws.chance(0.5) ? 1500 : MAX_BYTES);
        var line = new Wire.Line(bytes, draws.between(0, LONGEST_LATENCY_MILLIS));
        connections++;
        var address = new InetSocketAddress(
                "10.0.0." + (index % ADDRESSES + 1), PORT + index * PORTS_OF_ONE + connections % PORTS_OF_ONE);
        return world.network().connect(address, line, client);
    }

    /** Opens a connection of its own; empty during a drain. */
    private Optional<Wire> openOwn() {
        int number = connections + 1;
        Wire opened = open(new Link(name(), () -> connections == number, bytes -> reader.read(bytes), this::gone));
        if (opened == null) {
            check(scene.service().isDraining(), "no server listens");
            done = true;
        } else {
            wire = opened;
            reader = new ResponseReader(this);
        }
        return Optional.ofNullable(opened);
    }

    private void connect(RequestedText text) {
        openOwn().ifPresent(opened -> request(opened, text));
    }

    private void request(Wire to, RequestedText text) {
        requestsLeft--;
        SentRequest next = new SentRequest(world, scene, name(), text, draws);
        request = next;
        next.sentOn(to);
        world.steps().add(name(), "requests " + next.number() + (next.isStream() ? " as a stream" : ""));
        send(to, next);
        misbehave(to, next);
    }

    /** In one piece, or in several with pauses. */
    private void send(Wire to, SentRequest next) {
        byte[] bytes = next.bytes();
        if (draws.fault(0.03, "stops sending at " + next.number())) {
            mayBeCut = true;
            bytes = next.cutAfter(draws.between(0, bytes.length - 1));
            // It is no reader.
            next.left();
        }
        int from = 0;
        while (from < bytes.length) {
            int end = draws.chance(0.7) ? bytes.length : draws.between(from + 1, bytes.length);
            to.send(Arrays.copyOfRange(bytes, from, end));
            if (end < bytes.length) {
                to.pauseMillis(draws.between(0, LONGEST_PAUSE_MILLIS));
            }
            from = end;
        }
    }

    private void misbehave(Wire to, SentRequest its) {
        int number = its.number();
        boolean readsAgain = draws.chance(0.6);
        int pauseMillis = draws.between(1, LATEST_FAULT_MILLIS);
        later(to, 0.12, "stops reading at " + number, () -> {
            mayBeCut = true;
            to.read(false);
            if (readsAgain) {
                after(pauseMillis, "reads", () -> to.read(wire != to || !vanished));
            }
        });
        later(to, 0.04, "vanishes at " + number, () -> {
            mayBeCut = true;
            vanished = true;
            to.read(false);
            silent.add(to);
            comeBack(0.6);
        });
        // A client that loses its resumable text comes back for it.
        double leaves = its.text().isResumable() ? 3 : 1;
        later(to, 0.08 * leaves, "closes at " + number, () -> leave(to::close));
        later(to, 0.05 * leaves, "resets at " + number, () -> leave(to::reset));
        later(to, 0.05, "half-closes at " + number, () -> {
            mayBeCut = true;
            left();
            to.halfClose();
        });
        later(to, 0.06, "deletes " + number, () -> delete(its));
    }

    private void later(Wire to, double probability, String fault, Runnable action) {
        int afterMillis = draws.between(0, LATEST_FAULT_MILLIS);
        if (draws.fault(probability, fault)) {
            after(afterMillis, fault, () -> {
                if (wire == to
                        && !returns
                        && !done
                        && !vanished
                        && !world.choices().isCalm()) {
                    world.steps().add(name(), fault);
                    action.run();
                }
            });
        }
    }

    private void delete(SentRequest its) {
        if (!its.generationId().isEmpty()) {
            Deletion deletion = new Deletion(world, its.text(), name());
            var line = new Wire.Line(MAX_BYTES, draws.between(0, LONGEST_LATENCY_MILLIS));
            var address = new InetSocketAddress("10.0.0." + (index % ADDRESSES + 1), PORT + index * PORTS_OF_ONE);
            Wire opened = world.network().connect(address, line, deletion);
            if (opened != null) {
                deletion.send(opened, its.generationId());
            }
        }
    }

    private void left() {
        leftNanos = world.clock().nanoTime();
        if (request != null) {
            request.left();
        }
    }

    private void leave(Runnable way) {
        left();
        done = true;
        way.run();
        comeBack(0.8);
    }

    /** Opens another connection for a text that it may still get. Its old connection may look alive. */
    private void comeBack(double probability) {
        SentRequest lost = request;
        if (lost != null && returnsLeft > 0 && lost.mayComeBack() && draws.chance(probability)) {
            returnsLeft--;
            done = false;
            returns = true;
            requestsLeft = 0;
            int latest = draws.chance(0.5) ? LATEST_RETURN_MILLIS : LATEST_RETURN_MILLIS / 10;
            after(draws.between(1, latest), "comes back", () -> again(lost));
        }
    }

    private void again(SentRequest lost) {
        returns = false;
        mayBeCut = false;
        vanished = false;
        leftNanos = Long.MAX_VALUE;
        openOwn().ifPresent(opened -> {
            lost.sentOn(opened);
            opened.send(lost.again(draws));
            misbehave(opened, lost);
        });
    }

    // ---- what arrives

    @Override
    public void head(int status, Map<String, String> headers) {
        if (request != null) {
            request.head(status, headers);
        }
    }

    @Override
    public void chunk(byte[] bytes) {
        if (request != null) {
            request.chunk(bytes);
        }
    }

    @Override
    public void end() {
        SentRequest answered = request;
        Wire its = wire;
        if (answered == null || its == null) {
            return;
        }
        answered.end();
        answered.left();
        if (requestsLeft > 0
                && !answered.closesConnection()
                && !mayBeCut
                && !world.choices().isCalm()) {
            after(draws.between(0, 500), "requests again", () -> {
                if (!done && !returns && wire == its) {
                    request(its, scene.text(world, draws));
                }
            });
        } else {
            done = true;
            its.close();
            comeBack(0.5);
        }
    }

    @Override
    public void broken(String why) {
        check(false, why);
    }

    private void gone(String how) {
        world.steps().add(name(), how);
        boolean isAnswered = request != null && request.isAnswered();
        boolean isAllowed = mayBeCut
                || scene.service().isDraining()
                || scene.service().situation().hasLittleMemory();
        check(isAnswered || isAllowed, how + " before the terminal event");
        done = true;
        if (!returns && !vanished) {
            left();
            comeBack(0.8);
        }
    }

    // ---- rules

    @Override
    public void check() {
        long now = world.clock().nanoTime();
        if (request == null || wire == null) {
            return;
        }
        request.text().check();
        if (returns) {
            return;
        }
        request.checkStopped(leftNanos < now - CANCELLED_WITHIN_NANOS, now - CANCELLED_WITHIN_NANOS);
        request.checkUnsent(wire.unsentBytes());
        boolean isStalled = request.hasText() && wire.isFullSince(now - EVICTED_WITHIN_NANOS);
        check(!isStalled, "reads nothing, and is not disconnected");
    }

    @Override
    public void calmDown() {
        if (accompanies) {
            accompanies = false;
            done = true;
        }
        if (wire != null && !done && !vanished) {
            wire.read(true);
        }
    }

    @Override
    public boolean isDone() {
        boolean isClosed = silent.stream().noneMatch(Wire::isOpenAtServer);
        return isClosed && (done || (vanished && !returns));
    }

    @Override
    public void checkEnd() {
        check(isDone(), "waits without an end");
        if (request != null) {
            request.checkEnd();
        }
    }

    private void check(boolean holds, String rule) {
        if (!holds) {
            world.rules().fail(name() + ": " + rule);
        }
    }
}
