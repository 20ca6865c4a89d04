package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.GenerationRequest;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.Part;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is not text, on its way from an engine to the bus. */
class GeneratorPartsTest {

    private final PlayedEngine engine = new PlayedEngine(1, 4096);
    private final List<Part> parts = new CopyOnWriteArrayList<>();
    private GeneratorRig rig;
    private Reader reader;
    private PlayedEngine.Run run;

    @BeforeEach
    void start() throws Exception {
        rig = GeneratorRig.with().played(engine).start();
        reader = rig.submit(GenerationRequest.of("hi").withMaxTokens(100));
        rig.run(() -> reader.generation().onPart(parts::add));
        run = engine.nextRun();
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void partsAreNumberedWithTheDeltas() throws Exception {
        run.add(PartKind.REASONING_CONTENT, "\"a\"", 1);
        run.say("text", 2);
        run.say("", 3);
        run.add(PartKind.TOOL_CALLS, "[{}]", 4);
        run.complete(FinishReason.STOP);

        assertThat(reader.end().sequence()).isEqualTo(3);
        assertThat(reader.deltas()).hasSize(1);
        assertThat(reader.deltas().get(0).sequence()).isEqualTo(1);
        assertThat(parts)
                .containsExactly(
                        new Part(reader.id(), 0, PartKind.REASONING_CONTENT, "\"a\"", 1),
                        new Part(reader.id(), 2, PartKind.TOOL_CALLS, "[{}]", 7));
        assertThat(rig.ended().deltas()).isEqualTo(3);
    }

    @Test
    void observersGetParts() throws Exception {
        run.add(PartKind.TOOL_CALLS, "[{}]", 1);
        run.say("text", 1);
        run.complete(FinishReason.STOP);

        reader.end();
        await().until(() -> rig.observed().size() == 2);
        assertThat(rig.observed()).extracting(NumberedMessage::sequence).containsExactly(0L, 1L);
        assertThat(rig.observed().get(0)).isInstanceOf(Part.class);
    }

    @Test
    void generationWithMoreThanAMebibyteOfPartsFails() throws Exception {
        String half = '"' + "é".repeat(Part.MAX_BYTES / 4 - 1) + '"';
        run.add(PartKind.REASONING_CONTENT, half, 1);
        run.add(PartKind.REASONING_CONTENT, half, 1);
        run.say("fits", 1);
        run.add(PartKind.REASONING_CONTENT, "1", 1);
        run.awaitCancel();

        assertThat(reader.failure().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
        assertThat(reader.failure().message()).contains("1048576 bytes of tool calls and reasoning");
        assertThat(parts).hasSize(2);
        assertThat(reader.text()).isEqualTo("fits");
        run.complete(FinishReason.CANCELLED);
    }
}
