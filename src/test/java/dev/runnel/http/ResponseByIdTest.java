package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.auth.Scope;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Cancel;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Cancel, delete, other callers and later requests of kept responses. */
@ExtendWith(PlayedService.class)
class ResponseByIdTest {

    private final TestService service;
    private final PlayedGenerator generator;
    private final BackgroundRig rig;

    ResponseByIdTest(TestService service, PlayedGenerator generator) {
        this.service = service;
        this.generator = generator;
        this.rig = new BackgroundRig(service, generator);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void cancelStopsTheGenerationAndAnswersWithTheState() throws Exception {
        Play play = rig.start();
        play.say("half");
        rig.awaitText(play, "half");
        HttpWire reader = rig.open(play, "?stream=true");
        reader.head();

        HttpWire cancel = rig.cancel(play, rig.key());
        assertThat(generator.cancel(play).cause()).isEqualTo(Cancel.Cause.DELETED);
        play.finish(FinishReason.CANCELLED, new Usage(4, 1, false));

        Answer answer = cancel.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(BackgroundRig.json(answer).get("status").asText()).isEqualTo("cancelled");
        assertThat(BackgroundRig.json(answer).at("/output/0/content/0/text").asText())
                .isEqualTo("half");
        assertThat(ResponseStream.of(reader.rest()).names()).endsWith("failed");
        assertThat(BackgroundRig.json(rig.cancel(play, rig.key()).answer())
                        .get("status")
                        .asText())
                .isEqualTo("cancelled");
        assertThat(rig.state(play).get("status").asText()).isEqualTo("cancelled");
        assertThat(rig.delete(play)).isEqualTo(204);
        assertThat(rig.state(play).get("status").asText()).isEqualTo("cancelled");
    }

    @Test
    void cancelOfAnEndedResponseChangesNothing() throws Exception {
        Play play = rig.start();
        play.say("all").finish();
        rig.awaitStatus(play, "completed");

        JsonNode answer = BackgroundRig.json(rig.cancel(play, rig.key()).answer());

        assertThat(answer).isEqualTo(rig.state(play));
    }

    @Test
    void deleteForgetsTheTextOfAnEndedResponse() throws Exception {
        Play play = rig.start();
        play.say("all").finish();
        rig.awaitStatus(play, "completed");

        assertThat(rig.delete(play)).isEqualTo(204);

        assertThat(rig.get(play, "").status()).isEqualTo(404);
        assertThat(rig.get(play, "?stream=true").status()).isEqualTo(404);
        assertThat(rig.cancel(play, rig.key()).answer().status()).isEqualTo(404);
        assertThat(rig.delete(play)).isEqualTo(204);
    }

    @Test
    void responseOfAnotherCallerIsUnknown() throws Exception {
        Play play = rig.start();
        play.say("all");
        rig.awaitText(play, "all");
        String bob = service.keyOf("bob");
        String path = BackgroundRig.path(play);

        List<Answer> answers = List.of(
                rig.wire().get(path, HttpWire.bearer(bob)).answer(),
                rig.wire().get(path + "?stream=true", HttpWire.bearer(bob)).answer(),
                rig.wire().delete(path, HttpWire.bearer(bob)).answer(),
                rig.cancel(play, bob).answer(),
                rig.wire()
                        .get(BackgroundRig.RESPONSES + "/gen_unknown", HttpWire.bearer(bob))
                        .answer());

        for (Answer answer : answers) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).isEqualTo(answers.get(0).body());
        }
        Answer previous = rig.wire()
                .post(BackgroundRig.RESPONSES, bob, "{\"input\":\"x\",\"previous_response_id\":\"" + play.id() + "\"}")
                .answer();
        assertThat(previous.status()).isEqualTo(404);
        play.finish();
    }

    @Test
    void scopesAreThoseOfGenerations() throws Exception {
        Play play = rig.start();
        String observer = service.key(Set.of(Scope.OBSERVE), Duration.ofHours(1));
        String generating = service.key(Set.of(Scope.GENERATE), Duration.ofHours(1));
        String path = BackgroundRig.path(play);

        assertThat(rig.wire().get(path, HttpWire.bearer(observer)).answer().status())
                .isEqualTo(200);
        assertThat(rig.wire().get(path, HttpWire.bearer(generating)).answer().status())
                .isEqualTo(403);
        assertThat(rig.wire().delete(path, HttpWire.bearer(observer)).answer().status())
                .isEqualTo(403);
        assertThat(rig.wire().post(path + "/cancel", observer, "{}").answer().status())
                .isEqualTo(403);
        play.finish();
    }

    @Test
    void laterRequestContinuesTheConversationWithItsOwnInstructions() throws Exception {
        HttpWire wire = rig.wire()
                .post(
                        BackgroundRig.RESPONSES,
                        rig.key(),
                        "{\"background\":true,\"instructions\":\"Be kind.\",\"input\":\"one\"}");
        Play first = generator.accept();
        wire.answer();
        assertPreviousIsRefused(first, "runs");
        first.say("tw").say("o").finish();
        rig.awaitStatus(first, "completed");
        String previous = "\"previous_response_id\":\"" + first.id() + "\"";

        HttpWire next = rig.wire()
                .post(
                        BackgroundRig.RESPONSES,
                        rig.key(),
                        "{" + previous + ",\"instructions\":\"Be brief.\",\"input\":\"three\"}");
        Play second = generator.accept();

        assertThat(second.submit().turns())
                .containsExactly(
                        new Turn(Turn.Role.SYSTEM, "Be brief."),
                        Turn.user("one"),
                        new Turn(Turn.Role.ASSISTANT, "two"),
                        Turn.user("three"));
        second.finish();
        assertThat(BackgroundRig.json(next.answer()).get("previous_response_id").asText())
                .isEqualTo(first.id());
    }

    private void assertPreviousIsRefused(Play previous, String state) {
        Answer refused = rig.wire()
                .post(
                        BackgroundRig.RESPONSES,
                        rig.key(),
                        "{\"input\":\"x\",\"previous_response_id\":\"" + previous.id() + "\"}")
                .answer();
        assertThat(refused.status()).isEqualTo(400);
        assertThat(BackgroundRig.json(refused).at("/error/message").asText())
                .startsWith("previous_response_id: the response " + state);
    }

    @Test
    void failedAndCancelledResponsesAreNotContinued() throws Exception {
        Play failed = rig.start();
        failed.fail(Failure.of(FailureCode.ENGINE_FAILED, "x"));
        rig.awaitStatus(failed, "failed");
        assertPreviousIsRefused(failed, "has failed");
        Play cancelled = rig.start();
        cancelled.finish(FinishReason.CANCELLED, Usage.NONE);
        rig.awaitStatus(cancelled, "cancelled");
        assertPreviousIsRefused(cancelled, "was cancelled");
    }

    @Test
    void generationOfAnotherRouteIsNoResponse() throws Exception {
        HttpWire wire =
                rig.wire().post("/v1/generate", rig.key(), "{\"prompt\":\"x\"}", "Idempotency-Key: of another route");
        Play play = generator.accept();
        play.say("x").finish();
        wire.answer();

        assertThat(rig.get(play, "").status()).isEqualTo(404);
        assertThat(rig.cancel(play, rig.key()).answer().status()).isEqualTo(404);
    }

    @Test
    void responseIsAlsoAGeneration() throws Exception {
        Play play = rig.start();
        play.say("all").finish();
        rig.awaitStatus(play, "completed");

        Answer stream = rig.wire()
                .get("/v1/generate/" + play.id() + "/stream", HttpWire.bearer(rig.key()))
                .answer();

        assertThat(stream.body()).contains("\"delta\":\"all\"");
        assertThat(rig.wire()
                        .delete("/v1/generate/" + play.id(), HttpWire.bearer(rig.key()))
                        .answer()
                        .status())
                .isEqualTo(204);
        assertThat(rig.get(play, "").status()).isEqualTo(404);
    }

    @Test
    void twoBackgroundResponsesOfEqualRequestsAreTwo() throws Exception {
        Play first = rig.start();
        Play second = rig.start();

        assertThat(first.id()).isNotEqualTo(second.id());
        first.finish();
        second.finish();
    }
}
