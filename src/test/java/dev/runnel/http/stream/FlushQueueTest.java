package dev.runnel.http.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.PlayedGenerator;
import dev.runnel.metric.StreamMeters.Cause;
import dev.runnel.sse.HttpWire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sent at the end of an event loop's turn. */
class FlushQueueTest {

    private StreamRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = StreamRig.start();
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
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
