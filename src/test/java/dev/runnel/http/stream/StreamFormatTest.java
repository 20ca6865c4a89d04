package dev.runnel.http.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.PlayedGenerator;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.message.Finished;
import dev.runnel.sse.HttpWire;
import dev.runnel.text.ByteSink;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.TranscriptReader;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream in a format other than the service's own. */
class StreamFormatTest {

    @AutoClose
    private StreamRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = StreamRig.start();
        rig.formatsAs(Lines::new);
    }

    /** Each event is a word and, in a delta, the text. */
    private record Lines(String id) implements StreamFormat {

        private static final byte[] NAME = "delta ".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

        @Override
        public Buffer head() {
            return Buffer.buffer("head " + id + "\n\n");
        }

        @Override
        public int deltaLength(TranscriptReader reader) {
            return NAME.length + reader.unsentLength() + END.length;
        }

        @Override
        public void delta(TranscriptReader reader, ByteSink event) {
            event.add(NAME, 0, NAME.length);
            reader.copyUnsentTo(event);
            reader.markSent();
            event.add(END, 0, END.length);
        }

        @Override
        public List<Buffer> end(TranscriptReader reader, Finished finished) {
            return List.of(Buffer.buffer("end\n\n"), Buffer.buffer("usage\n\n"), Buffer.buffer("done\n\n"));
        }

        @Override
        public Buffer error(TranscriptReader reader, ErrorResponse error) {
            return Buffer.buffer("error " + error.type() + "\n\n");
        }

        @Override
        public Buffer ping() {
            return Buffer.buffer(": ping\n");
        }
    }

    @Test
    void eventsAreOnlyThoseOfTheFormat() throws Exception {
        try (HttpWire client = rig.ask()) {
            PlayedGenerator.Play play = rig.generator().accept();
            client.head();
            assertThat(client.event()).isEqualTo("head " + play.id() + "\n\n");

            play.say("a");
            assertThat(client.event()).isEqualTo("delta a\n\n");
            play.say("b").finish();

            assertThat(client.event()).isEqualTo("delta b\n\n");
            assertThat(client.event()).isEqualTo("end\n\n");
            assertThat(client.event()).isEqualTo("usage\n\n");
            assertThat(client.event()).isEqualTo("done\n\n");
            assertThat(client.chunk()).isEmpty();
        }
    }

    @Test
    void errorIsThatOfTheFormat() throws Exception {
        try (HttpWire client = rig.ask()) {
            PlayedGenerator.Play play = rig.generator().accept();
            client.head();
            client.event();

            play.fail(Failure.of(FailureCode.NEXT_TOKEN_TIMEOUT, "no next token within 30 s"));

            assertThat(client.event()).isEqualTo("error TIMEOUT\n\n");
            assertThat(client.chunk()).isEmpty();
        }
    }
}
