package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Prompt;
import dev.runnel.engine.Recording;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine in front of an OpenAI-compatible server that others wrote. */
@ExtendWith(VertxExtension.class)
class AimockTest {

    private static final String TEXT = "Once upon a \"time\" 😀 there\nwas \\ a\u2028 river";

    @TempDir
    private Path directory;

    private final Vertx vertx;

    AimockTest(Vertx vertx) {
        this.vertx = vertx;
    }

    @BeforeAll
    static void need() throws Exception {
        Aimock.need();
    }

    private Aimock server(String... options) throws IOException {
        JsonObject story = new JsonObject()
                .put("match", new JsonObject().put("userMessage", "story"))
                .put("response", new JsonObject().put("content", TEXT));
        return new Aimock(directory, new JsonArray().add(story), options);
    }

    /** With one UTF-16 unit in each event, surrogate pairs are split over two. */
    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "7, true"})
    void textAndUsageComeThrough(int unitsPerEvent, boolean includeUsage) throws Exception {
        try (var server = server("-c", String.valueOf(unitsPerEvent));
                var rig = new Rig(vertx, Rig.model(Map.of("includeUsage", includeUsage), server.url()))) {
            Recording recording = rig.start();

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(recording.completion().usage().estimated()).isEqualTo(!includeUsage);
            assertThat(recording.completion().usage().completionTokens()).isPositive();
            assertThat(recording.text()).isEqualTo(TEXT);
            assertThat(recording.breaches()).isEmpty();
            rig.complete();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--chaos-drop, UPSTREAM_FAILED",
        "--chaos-malformed, UPSTREAM_FAILED",
        "--chaos-disconnect, UPSTREAM_FAILED",
        "--chaos-ratelimit, UPSTREAM_OVERLOADED"
    })
    void mishapBecomesItsFailure(String mishap, FailureCode code) throws Exception {
        try (var server = server(mishap, "1");
                var rig = new Rig(vertx, Rig.model(server.url()))) {
            assertThat(rig.fail().code()).isEqualTo(code);
        }
    }

    @Test
    void notFoundIsAFailure() throws Exception {
        var prompt = new Prompt(List.of(Turn.user("What is that?")), Sampling.UNSET, 16, false);
        try (var server = server();
                var rig = new Rig(vertx, Rig.model(server.url()))) {
            Recording recording = rig.start(prompt, Integer.MAX_VALUE);

            assertThat(Rig.failure(recording).code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            assertThat(rig.reports()).anyMatch(line -> line.endsWith(" DENIED"));
        }
    }

    @Test
    void cancelStopsIt() throws Exception {
        try (var server = server("-c", "1", "-l", "20");
                var rig = new Rig(vertx, Rig.model(server.url()))) {
            Recording recording = rig.start(Rig.PROMPT, 3);

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(TEXT).startsWith(recording.text());
            assertThat(recording.breaches()).isEmpty();
        }
    }
}
