package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.text.FailureCode;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer for which no request waits must not reach another caller. */
@ExtendWith(VertxExtension.class)
class StrayAnswerTest {

    private Vertx vertx;
    private final List<NetSocket> sockets = new CopyOnWriteArrayList<>();
    private final Promise<Void> closed = Promise.promise();
    private volatile String first = "";
    private NetServer server;

    @BeforeEach
    void listen(Vertx vertx) throws Exception {
        this.vertx = vertx;
        server = vertx.createNetServer()
                .connectHandler(socket -> {
                    boolean isFirst = sockets.isEmpty();
                    sockets.add(socket);
                    socket.handler(request -> answer(socket, isFirst));
                    socket.closeHandler(gone -> closed.tryComplete());
                })
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
    }

    private void answer(NetSocket socket, boolean isFirst) {
        socket.write(isFirst ? first : answer("Once"));
    }

    private static String answer(String text) {
        String body = FakeUpstream.delta(text) + FakeUpstream.finish("stop") + FakeUpstream.DONE;
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: " + length + "\r\n\r\n" + body;
    }

    private Rig rig() throws Exception {
        return new Rig(vertx, Rig.model("http://127.0.0.1:" + server.actualPort()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"101 Switching Protocols", "102 Processing", "104 Upload Resumption", "199 Any"})
    void interimAnswerIsAFailureAndItsConnectionIsClosed(String status) throws Exception {
        first = "HTTP/1.1 " + status + "\r\n\r\n";
        try (Rig rig = rig()) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            closed.future().await(10, TimeUnit.SECONDS);

            var next = rig.start();
            next.completion();
            assertThat(next.text()).isEqualTo("Once");
            assertThat(sockets).hasSize(2);
        }
    }

    @Test
    void answerWithoutARequestIsDropped() throws Exception {
        first = answer("Once");
        try (Rig rig = rig()) {
            rig.complete();
            sockets.get(0).write(answer("of another caller"));
            closed.future().await(10, TimeUnit.SECONDS);

            var next = rig.start();
            next.completion();
            assertThat(next.text()).isEqualTo("Once");
        }
    }
}
