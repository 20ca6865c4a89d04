package dev.runnel.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.GenerationClient;
import dev.runnel.client.GenerationRequest;
import dev.runnel.http.PlayedGenerator;
import dev.runnel.http.connection.Compressors;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.metric.StreamMeters;
import dev.runnel.net.NettyConnection;
import dev.runnel.net.http1.ClientChannel;
import dev.runnel.net.http1.EventBuffer;
import dev.runnel.sse.HttpWire;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A server on one event loop that answers every request with a stream, whose clock a test moves and whose connections
 * it reaches. Without keys, limits and routes.
 */
final class StreamRig implements AutoCloseable {

    /** By the clock that only a test moves; by the real one a slow client is checked four times in it. */
    static final Duration STALL = Duration.ofMillis(20);

    /** Its own: {@code VertxExtension} makes one without the native transport, which the service uses. */
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final HeldBytes memory;
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong readings = new AtomicLong();
    private final List<HttpConnection> connections = new CopyOnWriteArrayList<>();
    private final PlayedGenerator generator = new PlayedGenerator(vertx);
    private final Streams streams = new Streams();
    private volatile UnaryOperator<HttpServerRequest> arrives = UnaryOperator.identity();
    private volatile Consumer<HttpConnection> connects = connection -> {};
    private volatile Function<String, StreamFormat> formats = id -> new NativeFormat(id, true);

    private final class Streams extends VerticleBase {

        private final StreamMeters meters = new StreamMeters(registry);
        private StreamSettings settings;
        private GenerationClient client;
        private HttpServer server;

        @Override
        public Future<?> start() {
            settings = new StreamSettings(
                    Duration.ZERO,
                    STALL,
                    meters,
                    new Compressors(0, meters),
                    this::now,
                    new EventBuffer(),
                    new FlushQueue(context),
                    memory);
            server = vertx.createHttpServer(
                            new HttpServerOptions().setStrictThreadMode(true).setSendBufferSize(16 * 1024))
                    .connectionHandler(this::connected)
                    .requestHandler(this::stream);
            return GenerationClient.create(vertx)
                    .onSuccess(made -> client = made)
                    .compose(made -> server.listen(0, "127.0.0.1"));
        }

        private void connected(HttpConnection connection) {
            connections.add(connection);
            connects.accept(connection);
        }

        private long now() {
            readings.incrementAndGet();
            return nanos.get();
        }

        private void stream(HttpServerRequest request) {
            SseStream stream = new SseStream(
                    vertx,
                    arrives.apply(request),
                    settings,
                    formats,
                    StreamMemory.open(memory, "key", request.connection()));
            stream.start();
            client.submit(GenerationRequest.of("x")).onSuccess(stream::accepted);
        }

        Context context() {
            return context;
        }
    }

    private StreamRig(MemoryBounds bounds) {
        memory = new HeldBytes(bounds, new MemoryMeters(registry, EnumSet.allOf(HeldBytes.Bound.class)));
    }

    static StreamRig start() throws Exception {
        return start(new MemoryBounds(1 << 30, 1 << 28));
    }

    /** @param bounds of what the streams hold, all of them for one key */
    static StreamRig start(MemoryBounds bounds) throws Exception {
        StreamRig rig = new StreamRig(bounds);
        rig.generator.start();
        rig.vertx.deployVerticle(rig.streams).await(10, TimeUnit.SECONDS);
        return rig;
    }

    /** What becomes of requests on their way to their streams, from the next one on. */
    void arrivesAs(UnaryOperator<HttpServerRequest> next) {
        arrives = next;
    }

    /** What is done with connections, from the next one on. */
    void connectsAs(Consumer<HttpConnection> next) {
        connects = next;
    }

    /** The format of streams, from the next one on. */
    void formatsAs(Function<String, StreamFormat> next) {
        formats = next;
    }

    HeldBytes memory() {
        return memory;
    }

    Vertx vertx() {
        return vertx;
    }

    Context context() {
        return streams.context();
    }

    PlayedGenerator generator() {
        return generator;
    }

    int port() {
        return streams.server.actualPort();
    }

    /** Asks for a stream over a new HTTP/1.1 connection. */
    HttpWire ask() {
        return new HttpWire(port(), 4096).get("/");
    }

    /** The server's end of a connection that has carried a request, in the order in which they came. */
    Channel channel(int number) {
        return NettyConnection.of(connections.get(number)).channel();
    }

    /** What a connection's client has not accepted yet. */
    long unsentBytes(int number) {
        try {
            return ((ContextInternal) streams.context())
                    .succeededFuture()
                    .map(turn -> ClientChannel.of(connections.get(number)).unsentBytes())
                    .await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Does something while the event loop does nothing, so that what comes of it meets in one turn. */
    void whileTheLoopStands(Runnable action) throws InterruptedException {
        CountDownLatch stands = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        streams.context().runOnContext(turn -> {
            stands.countDown();
            waitFor(goesOn);
        });
        stands.await();
        action.run();
        goesOn.countDown();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets time pass. */
    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Waits until streams of slow clients have been checked at the present time. */
    void awaitChecks() {
        long enough = readings.get() + 100;
        await().until(() -> readings.get() > enough);
    }

    /** How many streams were closed for that. */
    double closedBy(StreamMeters.Cause cause) {
        return registry.get("runnel.stream.closed")
                .tag("cause", cause.name().toLowerCase(Locale.ROOT))
                .counter()
                .count();
    }

    /** Waits until exactly one stream was closed for that: the last bytes arrive before the stream is closed. */
    void awaitOneClosedBy(StreamMeters.Cause cause) {
        await().untilAsserted(() -> assertThat(closedBy(cause)).isEqualTo(1));
    }

    double open() {
        return registry.get("runnel.streams.open").gauge().value();
    }

    /** How many streams wait for a slow client. */
    double stalled() {
        return registry.get("runnel.streams.stalled").gauge().value();
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
    }
}
