package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.runnel.engine.Completion;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Sink;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.junit5.VertxExtension;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a delta costs in heap, from the socket to the sink; counted, not timed. Half of it is the copy that Vert.x makes
 * of each chunk.
 */
@ExtendWith(VertxExtension.class)
class GarbageTest {

    private static final int EVENTS = 20_000;
    private static final int ALLOWED_BYTES = 600;
    private static final Prompt PROMPT = new Prompt(List.of(Turn.user("hi")), Sampling.UNSET, EVENTS, false);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void deltaLeavesAFewHundredBytes(Vertx vertx) throws Exception {
        NetServer server = vertx.createNetServer()
                .connectHandler(socket -> socket.handler(request -> socket.write(stream())))
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
        try (var rig = new Rig(vertx, Rig.model("http://127.0.0.1:" + server.actualPort()))) {
            long perEvent = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                perEvent = Math.min(perEvent, run(rig).future().await(20, TimeUnit.SECONDS) / EVENTS);
            }
            assertThat(perEvent).isBetween(1L, (long) ALLOWED_BYTES);
        }
    }

    /** Bytes allocated on the event loop between the first piece and the end. */
    private Promise<Long> run(Rig rig) throws Exception {
        Promise<Long> allocated = Promise.promise();
        rig.onLoop(() ->
                rig.engine().prepare(PROMPT).onSuccess(p -> rig.engine().start(p, new Counting(allocated))));
        return allocated;
    }

    private final class Counting implements Sink {

        private final Promise<Long> allocated;
        private long before;

        Counting(Promise<Long> allocated) {
            this.allocated = allocated;
        }

        @Override
        public void piece(EscapedText text, int tokens) {
            if (before == 0) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
        }

        @Override
        public void completed(Completion completion) {
            allocated.complete(threads.getCurrentThreadAllocatedBytes() - before);
        }

        @Override
        public void failed(Failure failure) {
            allocated.fail(failure.toString());
        }
    }

    /** A whole answer with one chunk for each event. */
    private static Buffer stream() {
        Buffer stream = Buffer.buffer(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < EVENTS; i++) {
            chunk(stream, FakeUpstream.delta(" word" + i));
        }
        chunk(stream, FakeUpstream.finish("stop") + FakeUpstream.DONE);
        return stream.appendString("0\r\n\r\n");
    }

    private static void chunk(Buffer stream, String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        stream.appendString(Integer.toHexString(length))
                .appendString("\r\n")
                .appendString(text)
                .appendString("\r\n");
    }
}
