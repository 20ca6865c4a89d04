package dev.runnel.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.auth.FixedKeys;
import dev.runnel.config.ResumeConfig;
import dev.runnel.message.Submit;
import io.vertx.core.eventbus.DeliveryContext;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that wait in virtual time for the answer to an earlier one with their idempotency key. */
class EarlierRequestTest {

    private static final String STREAM = "/v1/generate/stream";
    private static final String WHOLE = "/v1/generate";

    /** As many as may read one generation. */
    private static final int PLACES = 8;

    private static final long WAIT_MILLIS = 10_000;
    /** More than bytes need from one end of a connection to the other, and back. */
    private static final long ROUND_TRIP_MILLIS = 10;

    private final World world = World.of(new Choices(1, Set.of()), Plant.NONE, 2);
    private final Service service = new Service(
            world,
            new Situation(
                    2,
                    false,
                    1,
                    4,
                    true,
                    1L << 30,
                    false,
                    new ResumeConfig(Duration.ofSeconds(30), Duration.ofSeconds(60), 1 << 20, 10, 8),
                    Duration.ofSeconds(6),
                    Map.of("pieces", List.of("once"), "interval", "0ms")));
    /** Requests that no generator has received yet. */
    private final List<DeliveryContext<Object>> withheld = new ArrayList<>();

    private boolean withholds = true;

    @BeforeEach
    void start() {
        world.choices().calmDown();
        service.start(true);
        service.vertx().eventBus().addOutboundInterceptor((DeliveryContext<Object> sent) -> {
            if (withholds && sent.message().body() instanceof Submit) {
                withheld.add(sent);
            } else {
                sent.next();
            }
        });
        pass(ROUND_TRIP_MILLIS);
    }

    @AfterEach
    void close() {
        world.loops().close();
        service.close();
        pass(WAIT_MILLIS);
    }

    /** An earlier request is refused when no generator answers for 10 s. So a request waits longer only for several. */
    @Test
    void requestWaitsTenSecondsForAllEarlierOnes() {
        Client first = new Client().post(STREAM);
        pass(5000);
        Client second = new Client().post(STREAM);
        pass(1000);
        List<Client> late = clients(PLACES - 1);
        pass(WAIT_MILLIS - 1000);
        assertThat(first.status).isEqualTo(500);
        assertThat(late).extracting(client -> client.status).containsOnly(0);

        pass(1000);
        assertThat(late).extracting(client -> client.status).containsOnly(0);
        pass(ROUND_TRIP_MILLIS);

        assertThat(late).extracting(client -> client.status).containsOnly(409);
        assertThat(late).allSatisfy(client -> {
            assertThat(client.body).contains("\"code\":\"in_progress\"");
            assertThat(client.headers).containsEntry("retry-after", "1");
        });
        List<Client> next = clients(PLACES);
        pass(ROUND_TRIP_MILLIS);
        assertThat(next)
                .extracting(client -> client.status)
                .as("their places are free")
                .containsOnly(0);
        answer();
        assertThat(second.body.toString()).endsWith("data: [DONE]\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {STREAM, WHOLE})
    void clientThatLeavesGivesItsPlaceBack(String path) {
        new Client().post(STREAM);
        pass(ROUND_TRIP_MILLIS);
        Client leaves = new Client().post(path);
        clients(PLACES - 1);
        pass(ROUND_TRIP_MILLIS);
        Client refused = new Client().post(path);
        pass(ROUND_TRIP_MILLIS);
        assertThat(refused.status).isEqualTo(409);

        leaves.wire.close();
        pass(ROUND_TRIP_MILLIS);
        Client next = new Client().post(path);
        pass(ROUND_TRIP_MILLIS);

        assertThat(next.status).isZero();
    }

    private List<Client> clients(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Client().post(i % 2 == 0 ? STREAM : WHOLE))
                .toList();
    }

    /** A generator receives the requests that have not timed out, and their text comes. */
    private void answer() {
        withholds = false;
        withheld.forEach(DeliveryContext::next);
        pass(1000);
    }

    private void pass(long millis) {
        long end = world.clock().nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (isReady() || nextNanos() <= end) {
            if (!isReady()) {
                world.clock().moveTo(nextNanos());
            }
            world.loops().all().stream().filter(SimulatedLoop::isReady).forEach(SimulatedLoop::runOne);
            if (world.network().isReady()) {
                world.network().runOne();
            }
        }
        world.clock().moveTo(end);
    }

    private boolean isReady() {
        return world.network().isReady() || world.loops().all().stream().anyMatch(SimulatedLoop::isReady);
    }

    private long nextNanos() {
        return world.loops().all().stream()
                .mapToLong(SimulatedLoop::nextTimerNanos)
                .reduce(world.network().nextNanos(), Math::min);
    }

    /** One request on a connection of its own. All have the same idempotency key. */
    private final class Client implements Wire.Client, ResponseReader.Listener {

        private final ResponseReader reader = new ResponseReader(this);
        private final Map<String, String> headers = new HashMap<>();
        private final StringBuilder body = new StringBuilder();
        private final Wire wire;
        private int status;

        Client() {
            Wire opened =
                    world.network().connect(new InetSocketAddress("10.0.0.1", 40_000), new Wire.Line(60_000, 1), this);
            assertThat(opened).as("the service listens").isNotNull();
            this.wire = opened;
        }

        Client post(String path) {
            String json = "{\"prompt\":\"once\",\"model\":\"" + Situation.SCRIPTED + "\"}";
            String request = "POST " + path + " HTTP/1.1\r\nHost: simulation\r\nAuthorization: Bearer "
                    + FixedKeys.token("wide-1", "wide", world.clock().instant())
                    + "\r\nContent-Type: application/json\r\nIdempotency-Key: one\r\nContent-Length: " + json.length()
                    + "\r\n\r\n" + json;
            wire.send(request.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        @Override
        public String name() {
            return "client";
        }

        @Override
        public void received(byte[] bytes) {
            reader.read(bytes);
        }

        @Override
        public void head(int received, Map<String, String> fields) {
            status = received;
            fields.forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        }

        @Override
        public void chunk(byte[] bytes) {
            body.append(new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void end() {
            // The tests look at what it has received.
        }

        @Override
        public void broken(String why) {
            throw new AssertionError(why);
        }

        @Override
        public void ended() {
            // The service may close a connection after a refusal.
        }

        @Override
        public void cut() {
            throw new AssertionError("the connection was reset");
        }
    }
}
