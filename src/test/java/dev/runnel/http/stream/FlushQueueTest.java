package dev.runnel.http.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.PlayedGenerator;
import dev.runnel.metric.StreamMeters.Cause;
import dev.runnel.sse.HttpWire;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sent at the end of an event loop's turn. */
class FlushQueueTest {

    @AutoClose
    private StreamRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = StreamRig.start();
    }

    @Test
    void deltasOfOneTurnAreAnEventEach() throws Exception {
        try (HttpWire client = rig.ask()) {
            PlayedGenerator.Play play = rig.generator().accept();
            client.head();

            rig.whileTheLoopStands(() -> play.say("a").say("b").say("c").finish());

            assertThat(client.event()).contains("\"text\":\"a\",\"delta\":\"a\"");
            assertThat(client.event()).contains("\"text\":\"ab\",\"delta\":\"b\"");
            assertThat(client.event()).contains("\"text\":\"abc\",\"delta\":\"c\"");
            assertThat(client.event()).contains("\"text\":\"abc\",\"delta\":\"\",\"finishReason\"");
        }
    }

    @Test
    void streamsOfOneTurnAreAllSent() throws Exception {
        try (HttpWire first = rig.ask()) {
            PlayedGenerator.Play one = rig.generator().accept();
            first.head();
            try (HttpWire second = rig.ask()) {
                PlayedGenerator.Play other = rig.generator().accept();
                second.head();

                rig.whileTheLoopStands(() -> {
                    one.say("a");
                    other.say("b");
                });

                assertThat(first.event()).contains("\"delta\":\"a\"");
                assertThat(second.event()).contains("\"delta\":\"b\"");
            }
        }
    }

    @Test
    void streamsAfterOneThatThrowsAreSent() throws Exception {
        AtomicBoolean throwing = new AtomicBoolean();
        rig.arrivesAs(request -> BrokenWriteTest.with(HttpServerRequest.class, request, "version", () -> {
            checkState(!throwing.get());
            return request.version();
        }));
        try (HttpWire first = rig.ask()) {
            PlayedGenerator.Play throwsOnFailure = rig.generator().accept();
            first.head();
            rig.arrivesAs(UnaryOperator.identity());
            try (HttpWire second = rig.ask()) {
                PlayedGenerator.Play other = rig.generator().accept();
                second.head();
                FailingAllocator memory = new FailingAllocator();
                rig.channel(0).config().setAllocator(memory);
                memory.failNext();
                throwing.set(true);

                rig.whileTheLoopStands(() -> {
                    throwsOnFailure.say("x".repeat(1 << 20));
                    other.say("b");
                });

                assertThat(second.event()).contains("\"delta\":\"b\"");
            }
        }
    }

    private static void checkState(boolean isGood) {
        if (!isGood) {
            throw new IllegalStateException("what a test makes of a bug");
        }
    }

    @Test
    void nothingIsSentToAClientThatLeftWithinTheTurn() throws Exception {
        HttpWire client = rig.ask();
        PlayedGenerator.Play play = rig.generator().accept();
        client.head();

        rig.whileTheLoopStands(() -> {
            play.say("a");
            client.close();
        });

        assertThat(rig.generator().cancel().generationId()).isEqualTo(play.id());
        assertThat(rig.closedBy(Cause.FAILED)).isZero();
    }
}
