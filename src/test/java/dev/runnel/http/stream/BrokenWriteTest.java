package dev.runnel.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.runnel.http.PlayedGenerator;
import dev.runnel.metric.StreamMeters.Cause;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream that cannot be written any more is cut at once, and no other stream is. */
class BrokenWriteTest {

    private static final long INTERNAL_ERROR = 2;
    private static final long CANCEL = 8;

    /** More than the windows and the socket's buffers on both sides hold: the rest needs a buffer. */
    private static final String HUGE = "x".repeat(1 << 20);

    private final FailingAllocator memory = new FailingAllocator();

    @AutoClose
    private StreamRig rig;

    private PlayedGenerator generator;
    private HttpClientAgent http2;

    /** A stream over HTTP/2, all of them in one connection, and the player of its generation. */
    private record Http2Stream(HttpClientResponse response, Future<Buffer> body, PlayedGenerator.Play play) {}

    @BeforeEach
    void start() throws Exception {
        rig = StreamRig.start();
        generator = rig.generator();
        http2 = rig.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));
    }

    @Test
    void eventWithoutMemoryCutsItsStreamAndNoOther() throws Exception {
        try (HttpWire cut = rig.ask()) {
            PlayedGenerator.Play breaks = generator.accept();
            cut.head();
            try (HttpWire other = rig.ask()) {
                PlayedGenerator.Play goesOn = generator.accept().say("a");
                rig.channel(0).config().setAllocator(memory);
                memory.failNext();

                breaks.say(HUGE);

                assertThat(generator.cancel().generationId()).isEqualTo(breaks.id());
                assertIsCut(cut);
                goesOn.say("b").finish();
                assertThat(StreamRules.check(other.answer().bytes()).text()).isEqualTo("ab");
            }
        }
    }

    @Test
    void bufferOfAnEventThatCouldNotBeMadeIsReleased() throws Exception {
        try (HttpWire cut = rig.ask()) {
            PlayedGenerator.Play breaks = generator.accept();
            cut.head();
            rig.channel(0).config().setAllocator(memory);
            memory.starveNext();

            breaks.say(HUGE);

            assertThat(generator.cancel().generationId()).isEqualTo(breaks.id());
            assertIsCut(cut);
            assertThat(memory.tooSmall()).singleElement().returns(0, ByteBuf::refCnt);
        }
    }

    @Test
    void headWithoutMemoryCutsTheStream() throws Exception {
        try (HttpWire cut = rig.ask()) {
            var submit = generator.submit();
            rig.channel(0).config().setAllocator(memory);
            memory.failNext();

            PlayedGenerator.Play breaks = generator.accept(submit);

            assertThat(generator.cancel().generationId()).isEqualTo(breaks.id());
            rig.awaitOneClosedBy(Cause.FAILED);
            assertThatThrownBy(cut::head).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void lastEventWithoutMemoryIsNotFollowedByDone() throws Exception {
        try (HttpWire cut = rig.ask()) {
            PlayedGenerator.Play breaks = generator.accept();
            cut.head();
            rig.channel(0).config().setAllocator(memory);
            memory.failNext();

            breaks.finish();

            assertIsCut(cut);
            assertThat(generator.heardNoCancel()).isTrue();
        }
    }

    @Test
    void eventThatCannotBeMadeResetsItsHttp2StreamAndNoOther() throws Exception {
        rig.arrivesAs(BrokenWriteTest::unwritable);
        Http2Stream breaks = askByHttp2();
        rig.arrivesAs(UnaryOperator.identity());
        Http2Stream other = askByHttp2();

        breaks.play().say("lost");

        assertIsReset(breaks);
        assertGoesOn(other);
    }

    @Test
    void clientThatResetsALaggingStreamHasLeft() throws Exception {
        Http2Stream left = askByHttp2();
        left.response().pause();
        left.play().say(HUGE);
        await().until(() -> rig.stalled() == 1);

        left.response().request().reset(CANCEL);

        assertThat(generator.cancel().generationId()).isEqualTo(left.play().id());
        rig.awaitOneClosedBy(Cause.CLIENT_GONE);
        assertThat(rig.closedBy(Cause.FAILED)).isZero();
    }

    @Test
    void clientThatClosesWhileItLagsHasLeft() throws Exception {
        HttpWire left = rig.ask();
        PlayedGenerator.Play play = generator.accept().say(HUGE);
        left.head();
        await().until(() -> rig.stalled() == 1);

        left.close();

        assertThat(generator.cancel().generationId()).isEqualTo(play.id());
        rig.awaitOneClosedBy(Cause.CLIENT_GONE);
        assertThat(rig.closedBy(Cause.FAILED)).isZero();
    }

    /** The stream is counted as failed, and its client gets neither a whole event nor an end. */
    private void assertIsCut(HttpWire client) {
        rig.awaitOneClosedBy(Cause.FAILED);
        assertThatThrownBy(client::chunk).isInstanceOf(UncheckedIOException.class);
    }

    private Http2Stream askByHttp2() throws Exception {
        var asked = http2.request(HttpMethod.GET, rig.port(), "127.0.0.1", "/").compose(HttpClientRequest::send);
        PlayedGenerator.Play play = generator.accept();
        return asked.map(response -> new Http2Stream(response, response.body(), play))
                .await(10, TimeUnit.SECONDS);
    }

    private void assertIsReset(Http2Stream stream) throws Exception {
        assertThat(generator.cancel().generationId()).isEqualTo(stream.play().id());
        assertThatThrownBy(() -> stream.body().await(10, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        StreamResetException.class,
                        reset -> assertThat(reset.getCode()).isEqualTo(INTERNAL_ERROR));
        rig.awaitOneClosedBy(Cause.FAILED);
    }

    private void assertGoesOn(Http2Stream stream) throws Exception {
        stream.play().say("a").finish();
        Buffer body = stream.body().await(10, TimeUnit.SECONDS);
        assertThat(StreamRules.check(body.getBytes()).text()).isEqualTo("a");
    }

    /** A request whose response finds no memory for what is written after the head. */
    private static HttpServerRequest unwritable(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        HttpServerResponse broken = with(HttpServerResponse.class, response, "write", () -> {
            throw new OutOfMemoryError("what a test makes of the heap");
        });
        return with(HttpServerRequest.class, request, "response", () -> broken);
    }

    /** The same in all but one method. */
    static <T> T with(Class<T> type, T same, String changed, Supplier<?> replacement) {
        Object proxy =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getName().equals(changed)) {
                        return replacement.get();
                    }
                    try {
                        return method.invoke(same, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return type.cast(proxy);
    }
}
