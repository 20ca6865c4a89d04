package dev.runnel.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.runnel.http.PlayedGenerator;
import dev.runnel.metric.StreamMeters.Cause;
import dev.runnel.sse.StreamRules;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.Transcript;
import dev.runnel.text.TranscriptReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stalls where several streams share a connection: one of them, or the connection. */
class Http2StallTest {

    private static final long CANCEL = 8;
    private static final int STREAM_WINDOW_BYTES = 1 << 20;
    private static final int CONNECTION_WINDOW_BYTES = 1 << 26;
    /** The event that carries it does not fit into a stream's window. */
    private static final String HUGE = "x".repeat(STREAM_WINDOW_BYTES);
    /** More than the sockets' buffers hold; an event that carries two of it fits into a stream's window. */
    private static final String LARGE = "x".repeat(STREAM_WINDOW_BYTES / 4);

    private static final Duration MOST_OF_THE_STALL_TIME =
            StreamRig.STALL.multipliedBy(3).dividedBy(4);

    @AutoClose
    private StreamRig rig;

    private PlayedGenerator generator;
    private Valve valve;
    private HttpClientAgent client;

    private record Stream(HttpClientResponse response, Future<Buffer> body, PlayedGenerator.Play play) {}

    @BeforeEach
    void start() throws Exception {
        rig = StreamRig.start();
        generator = rig.generator();
        valve = new Valve(rig.vertx(), rig.port());
        client = rig.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setInitialSettings(new Http2Settings().setInitialWindowSize(STREAM_WINDOW_BYTES))
                        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW_BYTES));
    }

    private Stream ask() throws Exception {
        var asked =
                client.request(HttpMethod.GET, valve.port(), "127.0.0.1", "/").compose(HttpClientRequest::send);
        PlayedGenerator.Play play = generator.accept();
        return asked.map(response -> new Stream(response, response.body(), play))
                .await(10, TimeUnit.SECONDS);
    }

    @Test
    void streamThatIsNotReadEndsNoOtherOfAConnectionThatMovesWithABacklog() throws Exception {
        Stream stalls = ask();
        Stream goesOn = ask();
        stalls.response().pause();
        valve.shut();
        goesOn.play().say(LARGE);
        await().until(() -> rig.unsentBytes(0) > 0);
        stalls.play().say(HUGE);
        await().until(() -> rig.stalled() == 2);
        valve.open();
        await().until(() -> rig.stalled() == 1);
        rig.pass(MOST_OF_THE_STALL_TIME);
        valve.shut();
        // So that there is more of it than before.
        rig.channel(0).config().setWriteBufferHighWaterMark(STREAM_WINDOW_BYTES);
        goesOn.play().say(LARGE);
        await().until(() -> rig.stalled() == 2);

        rig.pass(MOST_OF_THE_STALL_TIME);
        rig.awaitChecks();
        valve.open();

        assertThat(generator.cancel().generationId()).isEqualTo(stalls.play().id());
        rig.awaitOneClosedBy(Cause.STALLED);
        goesOn.play().finish();
        Buffer body = goesOn.body().await(10, TimeUnit.SECONDS);
        assertThat(StreamRules.check(body.getBytes()).text()).isEqualTo(LARGE + LARGE);
        assertIsReset(stalls);
    }

    @Test
    void streamThatIsNotReadToItsEndIsReset() throws Exception {
        Stream stalls = ask();
        Stream goesOn = ask();
        stalls.response().pause();
        int around = new NativeFormat(stalls.play().id(), true).deltaLength(new TranscriptReader(new Transcript()));
        String text = "x".repeat((STREAM_WINDOW_BYTES - around) / 2 - 10);
        stalls.play().say(text).fail(Failure.of(FailureCode.ENGINE_FAILED, "this does not fit into what is left"));
        await().until(() -> rig.stalled() == 1);

        rig.pass(StreamRig.STALL);

        rig.awaitOneClosedBy(Cause.STALLED);
        assertIsReset(stalls);
        goesOn.play().say("a").finish();
        Buffer body = goesOn.body().await(10, TimeUnit.SECONDS);
        assertThat(StreamRules.check(body.getBytes()).text()).isEqualTo("a");
    }

    @Test
    void connectionThatAcceptsNothingIsClosed() throws Exception {
        Stream stalls = ask();
        Stream other = ask();
        valve.shut();
        stalls.play().say(HUGE);
        await().until(() -> rig.stalled() == 1);
        // The kernel may accept some more at first.
        AtomicLong before = new AtomicLong();
        await().until(() -> rig.unsentBytes(0), unsent -> unsent == before.getAndSet(unsent));

        rig.pass(StreamRig.STALL);

        assertThat(generator.cancel().generationId()).isEqualTo(stalls.play().id());
        assertThat(generator.cancel().generationId()).isEqualTo(other.play().id());
        rig.awaitOneClosedBy(Cause.STALLED);
        rig.awaitOneClosedBy(Cause.CLIENT_GONE);
    }

    private static void assertIsReset(Stream stream) {
        stream.response().resume();
        assertThatThrownBy(() -> stream.body().await(10, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        StreamResetException.class,
                        reset -> assertThat(reset.getCode()).isEqualTo(CANCEL));
    }
}
