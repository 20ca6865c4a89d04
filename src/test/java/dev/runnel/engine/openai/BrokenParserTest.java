package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.runnel.engine.HeldText;
import dev.runnel.text.EscapedText;
import dev.runnel.text.PartKind;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A failure of the service itself while it reads a stream. */
@ExtendWith(VertxExtension.class)
class BrokenParserTest {

    private final Vertx vertx;

    @AutoClose
    private final FakeUpstream upstream;

    private final Promise<UpstreamEnd> end = Promise.promise();

    /** Fails at the second event that is parsed. */
    private final JsonFactory json = new JsonFactory() {
        private static final long serialVersionUID = 1L;
        private int parsed;

        @Override
        public JsonParser createParser(byte[] data, int offset, int length) throws java.io.IOException {
            if (++parsed == 2) {
                throw new IllegalStateException("no parser");
            }
            return super.createParser(data, offset, length);
        }
    };

    private final UpstreamListener listener = new UpstreamListener() {

        @Override
        public void answered() {}

        @Override
        public void piece(EscapedText text, int tokens) {
            end.tryFail("a piece: " + text);
        }

        @Override
        public void part(PartKind kind, String json, int tokens) {
            end.tryFail("a part: " + json);
        }

        @Override
        public void ended(UpstreamEnd how) {
            end.tryComplete(how);
        }
    };

    BrokenParserTest(Vertx vertx) throws Exception {
        this.vertx = vertx;
        upstream = FakeUpstream.ofTwoWords(vertx);
    }

    @Test
    void textBeforeTheFailureStaysInNoSharedBufferAndTheRequestEnds() throws Exception {
        var settings = OpenAiSettings.read(Rig.model(upstream.url()), new ArrayList<>());
        var buffers = new ParseBuffers(json, Api.CHAT, true, 1 << 20);
        var shared = new RelayContext(
                vertx,
                null,
                null,
                Api.CHAT,
                null,
                settings.deadlines(),
                1 << 20,
                () -> HeldText.UNCOUNTED,
                System::nanoTime);
        UpstreamSettings entry = settings.upstreams().get(0);
        var options = UpstreamClientOptions.of(entry, settings, Optional.empty(), Optional.empty());
        var lease = new Lease(new Upstream(0, "u", entry, options), false);
        Context context = vertx.getOrCreateContext();

        context.runOnContext(
                turn -> new UpstreamRequest(shared, new LoopClients(vertx, api -> buffers), lease, context, listener)
                        .send(new RequestBody.Written(Buffer.buffer("{}"), Set.of()), null));

        assertThat(end.future().await(10, TimeUnit.SECONDS)).isInstanceOf(UpstreamEnd.Failed.class);
        assertThat(buffers.text.isEmpty()).isTrue();
    }
}
