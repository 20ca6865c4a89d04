package dev.runnel.engine.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Completion;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineContract;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineProvider;
import dev.runnel.engine.EngineRig;
import dev.runnel.engine.EngineUnderTest;
import dev.runnel.engine.Recording;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Sampling;
import dev.runnel.text.Usage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptedEngineTest implements EngineContract {

    private Vertx vertx;

    @BeforeEach
    void inject(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public EngineUnderTest subject() {
        return new EngineUnderTest() {

            @Override
            public Engine create(EngineEnvironment environment) {
                return engine(
                        environment,
                        Map.of("echo", "true", "repeat", "true", "contextTokens", "1000", "sequences", "8"));
            }

            @Override
            public boolean continues() {
                return true;
            }
        };
    }

    private static Engine engine(EngineEnvironment environment, Map<String, Object> settings) {
        return new ScriptedProvider()
                .create(List.of(model(settings)), environment)
                .get("scripted");
    }

    private static ModelConfig model(Map<String, Object> settings) {
        return new ModelConfig("scripted", "scripted", ModelConfig.Template.CHAT, null, Sampling.UNSET, settings);
    }

    private static List<String> complaints(Map<String, Object> settings) {
        return new ScriptedProvider().complaints(model(settings));
    }

    @Test
    void isFoundAsAService() {
        assertThat(ServiceLoader.load(EngineProvider.class))
                .anyMatch(found -> found.name().equals("scripted"));
    }

    @Test
    void everyComplaintIsReportedAtOnce() {
        assertThat(complaints(Map.of("interval", "20", "sequences", "0", "txt", "a")))
                .containsExactlyInAnyOrder(
                        "interval: 20 (expected: 0 … 1h, with a unit: ms, s, m, h, d)",
                        "sequences: 0 (expected: 1 … 1000000)",
                        "txt: unknown key (did you mean text?)");
        assertThat(complaints(Map.of("text", "a", "echo", "true"))).hasSize(1);
        assertThat(complaints(Map.of("text", "Once upon a time", "interval", "20ms")))
                .isEmpty();
        assertThat(complaints(Map.of())).isEmpty();
    }

    @Test
    void textIsCutBeforeItsWhiteSpace() {
        assertThat(Script.of(model(Map.of("text", "Once upon  a\ntime")), List.of())
                        .pieces())
                .containsExactly("Once", " upon", " ", " a", "\ntime");
    }

    @Test
    void piecesAreSentAsTheyStandAndCountedEvenIfEmpty(@TempDir Path directory) throws Exception {
        Recording recording = recording(Map.of("pieces", List.of("a", "", " b", "😀")), directory);

        assertThat(recording.text()).isEqualTo("a b😀");
        assertThat(recording.completion()).isEqualTo(new Completion(FinishReason.STOP, new Usage(4, 4, false)));
    }

    @Test
    void echoIsTheLastTurnCodePointByCodePoint(@TempDir Path directory) throws Exception {
        Recording recording = recording(Map.of("echo", "true"), directory);

        assertThat(recording.text()).isEqualTo("Tell me a story");
        assertThat(recording.tokens()).isEqualTo("Tell me a story".length());
    }

    @Test
    void failureComesAfterItsTokens(@TempDir Path directory) throws Exception {
        Recording recording =
                recording(Map.of("text", "a b c", "failAfter", "3", "failure", "upstream_failed"), directory);

        assertThatThrownBy(recording::completion)
                .isInstanceOfSatisfying(
                        GenerationException.class,
                        e -> assertThat(e.failure().code()).isEqualTo(FailureCode.UPSTREAM_FAILED));
        assertThat(recording.text()).isEqualTo("a b c");
    }

    @Test
    void stalledScriptIsSilentUntilItIsCancelled(@TempDir Path directory) throws Exception {
        try (var rig = new EngineRig(
                vertx, subject(Map.of("text", "a b c", "stallAfter", "2", "interval", "1ms")), directory)) {
            Recording recording = rig.start(subject().prompt(10));
            rig.start(subject().prompt(1)).completion();
            rig.onLoop(() -> {
                recording.cancel();
                return Future.succeededFuture();
            });

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.CANCELLED);
        }
    }

    @Test
    void pacedTextIsTheSameText(@TempDir Path directory) throws Exception {
        Recording recording = recording(Map.of("text", "a b c", "interval", "2ms", "firstToken", "3ms"), directory);

        assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(recording.text()).isEqualTo("a b c");
    }

    @Test
    void pieceThatIsSentInTwoPartsCountsOnceAfterACut(@TempDir Path directory) throws Exception {
        try (var rig = new EngineRig(vertx, subject(Map.of("text", "Once upon a time")), directory)) {
            EngineContract.assertGoesOn(rig, subject().prompt(20, "on the"));
        }
    }

    @Test
    void unavailableModelDoesNotOpen(@TempDir Path directory) {
        assertThatThrownBy(() -> recording(Map.of("unavailable", "no such file"), directory))
                .hasMessage("no such file");
    }

    private Recording recording(Map<String, Object> settings, Path directory) throws Exception {
        try (var rig = new EngineRig(vertx, subject(settings), directory)) {
            Recording recording = rig.start(subject().prompt(100));
            recording.awaitEnd();
            assertThat(recording.breaches()).isEmpty();
            return recording;
        }
    }

    private static EngineUnderTest subject(Map<String, Object> settings) {
        return environment -> engine(environment, settings);
    }

    /** Against the plain definition: the text up to the first occurrence of any stop sequence. */
    @Property
    void stopMatcherReturnsAllUpToTheFirstStop(
            @ForAll @Size(max = 12) List<@Chars({'a', 'b'}) @StringLength(max = 3) String> pieces,
            @ForAll @Size(max = 4) List<@Chars({'a', 'b'}) @StringLength(min = 1, max = 4) String> stops) {
        var matcher = new StopMatcher(stops);
        var given = new StringBuilder();
        var taken = new StringBuilder();
        for (String piece : pieces) {
            taken.append(piece);
            given.append(matcher.add(piece));
            if (matcher.isStopped()) {
                break;
            }
        }
        given.append(matcher.rest());

        String whole = taken.toString();
        int end = stops.stream()
                .mapToInt(whole::indexOf)
                .filter(i -> i >= 0)
                .min()
                .orElse(whole.length());
        assertThat(given).hasToString(whole.substring(0, end));
    }
}
