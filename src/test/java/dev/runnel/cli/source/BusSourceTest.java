package dev.runnel.cli.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ServiceConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BusSourceTest {

    private static final String CONFIG = """
        defaultModel: echo
        models:
          - { name: slow, engine: scripted, text: "a b c d e f", repeat: true, interval: 20ms }
          - { name: silent, engine: scripted, firstToken: 1h }
          - { name: echo, engine: scripted, echo: true }
          - { name: broken, engine: scripted, unavailable: under repair }
          - { name: failing, engine: scripted, failAfter: 1 }
        """;

    @TempDir
    Path data;

    private BusSource source;

    @BeforeEach
    void open() {
        source = new BusSource(ServiceConfig.of(CONFIG, data), EngineListener.SILENT);
    }

    @AfterEach
    void close() {
        source.close();
    }

    private static Question question(String model, String prompt) {
        return new Question(model, List.of(Turn.user(prompt)), OptionalInt.of(50), Sampling.UNSET);
    }

    @Test
    void defaultModelAnswersInThisProcess() throws Exception {
        Received received = new Received();

        Answer answer = source.generate(question("", "Größe 🦊 of it"), received, received.stop);

        assertThat(received.text()).isEqualTo("Größe 🦊 of it");
        assertThat(answer.finishReason()).isEqualTo("stop");
        assertThat(answer.id()).startsWith("gen_");
        assertThat(answer.usage()).isPresent();
    }

    @Test
    void anotherModelReplacesTheOpenOne() throws Exception {
        Received first = new Received();
        source.generate(question("echo", "one"), first, first.stop);
        Received second = new Received(2);

        Answer answer = source.generate(question("slow", "two"), second, second.stop);

        assertThat(second.text()).startsWith("a b");
        assertThat(answer.finishReason()).isEqualTo(Answer.CANCELLED);
        assertThat(source.models()).first().isEqualTo("echo");
    }

    @Test
    void stopEndsAGenerationBeforeItsFirstToken() throws Exception {
        Received received = new Received();
        source.open("silent", received.stop);
        Thread stopper = new Thread(received.stop::stop);
        stopper.start();

        Answer answer = source.generate(question("silent", "x"), received, received.stop);

        stopper.join();
        assertThat(answer.finishReason()).isEqualTo(Answer.CANCELLED);
        assertThat(received.pieces).isEmpty();
    }

    @Test
    void modelThatDoesNotOpenIsAFailureWithItsReason() {
        assertThatThrownBy(() -> source.open("broken", new StopSignal()))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("under repair");
    }

    @Test
    void unknownModelIsAFailureWithTheKnownNames() {
        assertThatThrownBy(() -> source.open("nope", new StopSignal()))
                .hasMessage("model: nope (expected: one of echo, slow, silent, broken, failing)");
    }

    @Test
    void failureOfTheEngineIsAFailure() {
        Received received = new Received();

        assertThatThrownBy(() -> source.generate(question("failing", "x"), received, received.stop))
                .isInstanceOf(SourceException.class);
        assertThat(received.pieces).hasSize(1);
    }
}
