package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Completion;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Recording;
import dev.runnel.engine.Sink;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of an upstream, byte by byte in two writes, through the whole engine. */
@ExtendWith(VertxExtension.class)
class ChunkedAnswerTest {

    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String LAST = "0\r\n\r\n";

    private Vertx vertx;
    private final AtomicInteger connections = new AtomicInteger();
    private NetServer server;
    private volatile String answer = "";
    private volatile int cut;

    @BeforeEach
    void listen(Vertx vertx) throws Exception {
        this.vertx = vertx;
        server = vertx.createNetServer()
                .connectHandler(socket -> {
                    connections.incrementAndGet();
                    socket.handler(request -> answer(socket));
                })
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
    }

    /** In two writes, the second one when the first is out. */
    private void answer(NetSocket socket) {
        Buffer bytes = Buffer.buffer(answer);
        int first = Math.min(cut, bytes.length());
        socket.write(bytes.slice(0, first))
                .compose(written -> vertx.timer(1))
                .compose(waited -> socket.write(bytes.slice(first, bytes.length())))
                .onSuccess(written -> {
                    if (answer.contains("Connection: close")) {
                        socket.close();
                    }
                });
    }

    private Rig rig() throws Exception {
        return new Rig(vertx, Rig.model("http://127.0.0.1:" + server.actualPort()));
    }

    private static String chunk(String data) {
        int length = data.getBytes(StandardCharsets.UTF_8).length;
        return Integer.toHexString(length) + "\r\n" + data + "\r\n";
    }

    private static String end() {
        return chunk(FakeUpstream.finish("stop") + FakeUpstream.DONE);
    }

    private static void assertStory(Rig rig) throws Exception {
        Recording recording = rig.start();
        assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(recording.text()).isEqualTo("Once upon é😀");
        assertThat(recording.breaches()).isEmpty();
    }

    /** A few more than one, since a story may end before the last chunk has arrived. */
    private void assertConnectionsAreUsedAgain() {
        assertThat(connections.get()).isBetween(1, 10);
    }

    private static String story() {
        return chunk(FakeUpstream.delta("Once"))
                + chunk(FakeUpstream.delta(" upon "))
                + chunk(FakeUpstream.delta("é😀"));
    }

    @Test
    void answerMayBeCutAnywhere() throws Exception {
        answer = HEAD + story() + end() + LAST;
        int length = answer.getBytes(StandardCharsets.UTF_8).length;
        try (Rig rig = rig()) {
            for (int at = 1; at < length; at++) {
                cut = at;
                assertStory(rig);
            }
        }
        assertConnectionsAreUsedAgain();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // An interim answer, a chunk with an extension, a trailer, a last chunk of another form, other letters.
                "HTTP/1.1 100 Continue\r\n\r\n%1$s%2$s%3$s0\r\n\r\n",
                "%1$s%2$s1;a=b\r\n\n\r\n%3$s0\r\n\r\n",
                "%1$s%2$s%3$s0\r\nX-Trailer: yes\r\n\r\n",
                "%1$s%2$s%3$s000\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: CHUNKED\r\n\r\n%2$s%3$s0\r\n\r\n"
            })
    void everyFormOfAnAnswerIsReadAndTheConnectionUsedAgain(String form) throws Exception {
        answer = form.formatted(HEAD, story(), end());
        try (Rig rig = rig()) {
            for (int at = 1; at < answer.length(); at += 7) {
                cut = at;
                assertStory(rig);
            }
        }
        assertConnectionsAreUsedAgain();
    }

    @Test
    void bodiesWithoutChunksAreRead() throws Exception {
        String events = FakeUpstream.delta("Once")
                + FakeUpstream.delta(" upon ")
                + FakeUpstream.delta("é😀")
                + FakeUpstream.finish("stop")
                + FakeUpstream.DONE;
        int length = events.getBytes(StandardCharsets.UTF_8).length;
        cut = 100;
        try (Rig rig = rig()) {
            answer = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + events;
            assertStory(rig);
            answer = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + events;
            assertStory(rig);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1\r\nab\r\n", "zz\r\n", "ffffffff\r\n"})
    void brokenChunkIsAFailure(String broken) throws Exception {
        answer = HEAD + story() + broken + end() + LAST;
        cut = HEAD.length() + 10;
        try (Rig rig = rig()) {
            Recording recording = rig.start();

            assertThat(Rig.failure(recording).code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            assertThat(recording.text()).startsWith("Once upon ");
        }
    }

    @Test
    void connectionThatEndsInAChunkIsAFailure() throws Exception {
        answer = HEAD.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n") + story() + "400\r\ndata: {";
        cut = HEAD.length();
        try (Rig rig = rig()) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
        }
    }

    /** Takes no piece. */
    private static final class FailingSink implements Sink {

        final Promise<Failure> failure = Promise.promise();

        @Override
        public void piece(EscapedText text, int tokens) {
            throw new IllegalStateException("a sink that fails");
        }

        @Override
        public void completed(Completion completion) {
            failure.fail("completed: " + completion);
        }

        @Override
        public void failed(Failure why) {
            failure.complete(why);
        }
    }

    @Test
    void sinkThatFailsInAChunkEndsItsGenerationAndNoOther() throws Exception {
        answer = HEAD + story() + end() + LAST;
        cut = HEAD.length() + 10;
        var sink = new FailingSink();
        try (Rig rig = rig()) {
            PreparedPrompt prepared = rig.prepare(Rig.PROMPT);
            rig.run(() -> rig.engine().start(prepared, sink));

            assertThat(sink.failure.future().await(10, TimeUnit.SECONDS).code()).isEqualTo(FailureCode.ENGINE_FAILED);
            assertStory(rig);
            assertThat(connections).hasValue(2);
        }
    }
}
