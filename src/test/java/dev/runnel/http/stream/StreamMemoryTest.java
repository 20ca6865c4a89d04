package dev.runnel.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.http.PlayedGenerator;
import dev.runnel.memory.HeldBytes.Kind;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.metric.StreamMeters.Cause;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import dev.runnel.sse.Streamed;
import dev.runnel.text.Transcript;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What streams hold of the memory for clients, and what becomes of a stream that does not fit. */
class StreamMemoryTest {

    /** A key alone holds a quarter of it. */
    private static final int TOTAL = 8 << 20;

    private static final int MIB = 1 << 20;

    @AutoClose
    private StreamRig rig;

    private PlayedGenerator generator;

    @BeforeEach
    void start() throws Exception {
        rig = StreamRig.start(new MemoryBounds(TOTAL, TOTAL));
        generator = rig.generator();
    }

    private void awaitAllGivenBack() {
        for (Kind kind : Kind.values()) {
            await(kind.name()).until(() -> rig.memory().held(kind) == 0);
        }
    }

    @Test
    void streamThatIsReadAtOnceHoldsNothing() throws Exception {
        rig.formatsAs(id -> new NativeFormat(id, false));
        try (HttpWire client = rig.ask()) {
            PlayedGenerator.Play play = generator.accept();
            client.head();
            for (int i = 0; i < 100; i++) {
                play.say("a text of thirty-two characters.");
                client.chunk();

                assertThat(rig.memory().held(Kind.TEXTS)).isZero();
            }
        }
    }

    @Test
    void accountChangesInPortionsAndNotWithEachEvent() {
        List<Long> held = new ArrayList<>();
        StreamMemory memory = StreamMemory.open(rig.memory(), "key", new Object());

        for (int textBytes = 0; textBytes < 16_000; textBytes += 40) {
            assertThat(memory.acquireEvent(textBytes)).isEmpty();
            memory.written(new Transcript());
            held.add(rig.memory().held(Kind.EVENTS));
        }
        memory.close();

        assertThat(held.subList(0, 20)).as("small events").containsOnly(0L);
        assertThat(Set.copyOf(held)).as("of 400 events").hasSizeLessThan(20);
        assertThat(rig.memory().held(Kind.EVENTS)).isZero();
    }

    @Test
    void largeEventIsGivenBackWhenItIsWritten() {
        StreamMemory memory = StreamMemory.open(rig.memory(), "key", new Object());

        assertThat(memory.acquireEvent(MIB)).isEmpty();
        assertThat(rig.memory().held(Kind.EVENTS)).isGreaterThan(MIB);
        memory.written(new Transcript());

        assertThat(rig.memory().held(Kind.EVENTS)).isZero();
    }

    @Test
    void slowClientHoldsWhatItHasNotRead() throws Exception {
        rig.formatsAs(id -> new NativeFormat(id, false));
        try (HttpWire client = rig.ask()) {
            PlayedGenerator.Play play = generator.accept();
            play.say("x".repeat(MIB / 2));
            await().until(() -> rig.memory().held(Kind.EVENTS) >= MIB / 2);
            play.say("y".repeat(MIB / 4));
            await().until(() -> rig.memory().held(Kind.TEXTS) >= MIB / 4);
            play.finish();

            assertThat(StreamRules.checkWithoutText(client.answer().bytes()).text())
                    .hasSize(MIB / 2 + MIB / 4);
            awaitAllGivenBack();
        }
    }

    @Test
    void textThatDoesNotFitEndsTheStreamWithAnErrorAfterTheTextBefore() throws Exception {
        try (HttpWire client = rig.ask()) {
            PlayedGenerator.Play play = generator.accept();
            play.say("before").say("x".repeat(3 * MIB)).say("after");

            Streamed streamed = StreamRules.check(client.answer().bytes());

            assertThat(streamed.text()).isEqualTo("before");
            assertThat(streamed.error().orElseThrow().get("type").asText()).isEqualTo("overloaded_error");
            assertThat(streamed.error().orElseThrow().get("message").asText()).contains("; try again in 5 s");
            assertThat(generator.cancel().generationId()).isEqualTo(play.id());
            rig.awaitOneClosedBy(Cause.FAILED);
            awaitAllGivenBack();
        }
    }

    @Test
    void clientWhoseEventDoesNotFitIsDisconnected() throws Exception {
        try (HttpWire slow = rig.ask()) {
            // The text fits into the quarter of the key, and the event that repeats it does not.
            PlayedGenerator.Play play = generator.accept();
            play.say("x".repeat(MIB));

            rig.awaitOneClosedBy(Cause.MEMORY);
            assertThat(slow.isClosedByPeer()).isTrue();
            assertThat(generator.cancel().generationId()).isEqualTo(play.id());
            awaitAllGivenBack();
        }
    }

    @Test
    void clientThatLeavesGivesEverythingBack() throws Exception {
        try (HttpWire client = rig.ask()) {
            generator.accept().say("x".repeat(MIB / 2)).say("y".repeat(MIB / 4));
            await().until(() -> rig.memory().held(Kind.EVENTS) > 0);
            client.head();
        }
        awaitAllGivenBack();
        rig.awaitOneClosedBy(Cause.CLIENT_GONE);
    }
}
