package dev.runnel.simulation;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client on one connection: it sends requests one after another, reads, stops reading, and leaves in many ways.
 *
 * <p>A client that comes back (section 4 of the contract) is a further connection of the same {@link SentRequest}. Its
 * {@link ReceivedStream} goes on after the byte that it has reached.
 */
final class HttpActor implements Actor, Wire.Client, ResponseReader.Listener {

    private static final int PORT = 40_000;
    private static final int ADDRESSES = 4;
    private static final int LONGEST_PAUSE_MILLIS = 150;
    private static final int LONGEST_LATENCY_MILLIS = 30;
    private static final int LATEST_FAULT_MILLIS = 2500;
    private static final int LATEST_RETURN_MILLIS = 3000;
    private static final int ARRIVALS_MILLIS = 5000;
    private static final long CANCELLED_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final long EVICTED_WITHIN_NANOS =
            Situation.STALL.multipliedBy(2).plusSeconds(1).toNanos();

    private final World world;
    private final Scene scene;
    private final int index;
    private final Choices.Draws draws;
    private ResponseReader reader = new ResponseReader(this);

    private int requestsLeft;
    private @Nullable Wire wire;
    private @Nullable SentRequest request;
    private long leftNanos = Long.MAX_VALUE;
    /** Whether it did something after which the server may close the connection. */
    private boolean mayBeCut;
    /** Whether it neither reads nor closes, ever. */
    private boolean vanished;

    /** Whether it has lost its connection and opens another one soon. */
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
        world.network().afterMillis(draws.between(0, ARRIVALS_MILLIS), name() + " connects", this::connect);
    }

    private @Nullable Wire open() {
        int bytes = draws.between(300, draws.chance(0.5) ? 1500 : 60_000);
        var line = new Wire.Line(bytes, draws.between(0, LONGEST_LATENCY_MILLIS));
        var address = new InetSocketAddress("10.0.0." + (index % ADDRESSES + 1), PORT + index);
        return world.network().connect(address, line, this);
    }

    private void connect() {
        Wire opened = open();
        if (opened == null) {
            check(scene.service().isDraining(), "no server listens");
            done = true;
        } else {
            wire = opened;
            request(opened);
        }
    }

    private void request(Wire to) {
        requestsLeft--;
        SentRequest next = new SentRequest(world, scene, name(), draws);
        request = next;
        world.steps().add(name(), "requests " + next.number() + (next.isStream() ? " as a stream" : ""));
        send(to, next);
        misbehave(to, next.number());
    }

    /** In one piece, or in several with pauses. */
    private void send(Wire to, SentRequest next) {
        byte[] bytes = next.bytes();
        if (draws.fault(0.03, "stops sending at " + next.number())) {
            mayBeCut = true;
            bytes = next.cutAfter(draws.between(0, bytes.length - 1));
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

    private void misbehave(Wire to, int number) {
        boolean readsAgain = draws.chance(0.6);
        int pauseMillis = draws.between(1, LATEST_FAULT_MILLIS);
        later(to, 0.12, "stops reading at " + number, () -> {
            mayBeCut = true;
            to.read(false);
            if (readsAgain) {
                world.network().afterMillis(pauseMillis, name() + " reads", () -> to.read(!vanished));
            }
        });
        later(to, 0.04, "vanishes at " + number, () -> {
            mayBeCut = true;
            vanished = true;
            to.read(false);
        });
        later(to, 0.08, "closes at " + number, () -> leave(to::close));
        later(to, 0.05, "resets at " + number, () -> leave(to::reset));
        later(to, 0.05, "half-closes at " + number, () -> {
            mayBeCut = true;
            leftNanos = world.clock().nanoTime();
            to.halfClose();
        });
    }

    private void later(Wire to, double probability, String fault, Runnable action) {
        int afterMillis = draws.between(0, LATEST_FAULT_MILLIS);
        if (draws.fault(probability, fault)) {
            world.network().afterMillis(afterMillis, name() + " " + fault, () -> {
                if (wire == to && !returns && !isDone() && !world.choices().isCalm()) {
                    world.steps().add(name(), fault);
                    action.run();
                }
            });
        }
    }

    private void leave(Runnable way) {
        leftNanos = world.clock().nanoTime();
        done = true;
        way.run();
        comeBack();
    }

    /** Opens another connection for a generation that it may still get. */
    private void comeBack() {
        SentRequest lost = request;
        if (lost != null && lost.mayComeBack() && draws.chance(0.8)) {
            done = false;
            returns = true;
            mayBeCut = false;
            vanished = false;
            leftNanos = Long.MAX_VALUE;
            requestsLeft = 0;
            world.network()
                    .afterMillis(draws.between(1, LATEST_RETURN_MILLIS), name() + " comes back", () -> again(lost));
        }
    }

    private void again(SentRequest lost) {
        returns = false;
        reader = new ResponseReader(this);
        Wire opened = open();
        if (opened == null) {
            check(scene.service().isDraining(), "no server listens");
            done = true;
        } else {
            wire = opened;
            opened.send(lost.again(draws));
            misbehave(opened, lost.number());
        }
    }

    // ---- what arrives

    @Override
    public void received(byte[] bytes) {
        reader.read(bytes);
    }

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
        if (requestsLeft > 0
                && !answered.closesConnection()
                && !mayBeCut
                && !world.choices().isCalm()) {
            world.network().afterMillis(draws.between(0, 500), name() + " requests again", () -> {
                if (!done) {
                    request(its);
                }
            });
        } else {
            done = true;
            its.close();
        }
    }

    @Override
    public void broken(String why) {
        check(false, why);
    }

    @Override
    public void ended() {
        gone("is closed by the server");
    }

    @Override
    public void cut() {
        gone("is reset by the server");
    }

    private void gone(String how) {
        world.steps().add(name(), how);
        boolean isAnswered = request != null && request.isAnswered();
        check(isAnswered || mayBeCut || scene.service().isDraining(), how + " before the terminal event");
        done = true;
        comeBack();
    }

    // ---- rules

    @Override
    public void check() {
        long now = world.clock().nanoTime();
        if (request == null || wire == null) {
            return;
        }
        request.checkStopped(leftNanos < now - CANCELLED_WITHIN_NANOS, now - CANCELLED_WITHIN_NANOS);
        request.checkUnsent(wire.unsentBytes());
        boolean isStalled = request.hasText() && wire.isFullSince(now - EVICTED_WITHIN_NANOS);
        check(!isStalled, "reads nothing, and is not disconnected");
    }

    @Override
    public void calmDown() {
        if (wire != null && !done && !vanished) {
            wire.read(true);
        }
    }

    @Override
    public boolean isDone() {
        return done || (vanished && wire != null && !wire.isOpenAtServer());
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
