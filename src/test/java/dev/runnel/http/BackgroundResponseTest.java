package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Cancel;
import dev.runnel.message.Status;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.Turn;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Background responses. Two lanes serve the connections in turn, so most readers are on another lane. */
@ExtendWith(PlayedService.class)
class BackgroundResponseTest {

    private final TestService service;
    private final PlayedGenerator generator;
    private final BackgroundRig rig;

    BackgroundResponseTest(TestService service, PlayedGenerator generator) {
        this.service = service;
        this.generator = generator;
        this.rig = new BackgroundRig(service, generator);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void thoughtIsNoPartOfAKeptResponseAndOfTheConversation() throws Exception {
        Play play = rig.start();
        play.think("Hm").say("Once").finish();
        rig.awaitStatus(play, "completed");

        JsonNode completed = rig.state(play);
        assertThat(completed.get("output").findValuesAsText("type")).containsExactly("message", "output_text");
        assertThat(completed.at("/output/0/content/0/text").asText()).isEqualTo("Once");

        HttpWire wire = rig.wire()
                .post(
                        BackgroundRig.RESPONSES,
                        rig.key(),
                        "{\"input\":\"x\",\"previous_response_id\":\"" + play.id() + "\"}");
        Play next = generator.accept();
        assertThat(next.submit().turns())
                .containsExactly(Turn.user("hi"), new Turn(Turn.Role.ASSISTANT, "Once"), Turn.user("x"));
        next.finish();
        assertThat(wire.answer().status()).isEqualTo(200);
    }

    @Test
    void answerComesAtOnceAndTheStateFollows() throws Exception {
        generator.phase(Status.Phase.WAITING);
        Play play = rig.start();
        assertThat(rig.state(play).get("status").asText()).isEqualTo("queued");
        generator.phase(Status.Phase.RUNNING);
        play.say("Once").say(" more");
        rig.awaitText(play, "Once more");
        JsonNode running = rig.state(play);

        play.finish();
        rig.awaitStatus(play, "completed");
        JsonNode completed = rig.state(play);

        assertThat(running.get("status").asText()).isEqualTo("in_progress");
        assertThat(running.get("usage").isNull()).isTrue();
        assertThat(completed.get("background").asBoolean()).isTrue();
        assertThat(completed.at("/metadata/a").asText()).isEqualTo("b");
        assertThat(completed.at("/usage/total_tokens").asInt()).isEqualTo(6);
        assertThat(completed.at("/output/0/content/0/text").asText()).isEqualTo("Once more");
    }

    @Test
    void failureIsAState() throws Exception {
        Play play = rig.start();
        play.say("half").fail(Failure.of(FailureCode.UPSTREAM_FAILED, "the upstream failed"));

        rig.awaitStatus(play, "failed");

        assertThat(rig.state(play).at("/error/code").asText()).isEqualTo("upstream_failed");
        assertThat(rig.state(play).at("/error/message").asText()).isEqualTo("the upstream failed");
        ResponseStream stream = ResponseStream.of(rig.get(play, "?stream=true").body());
        assertThat(stream.names()).endsWith("output_text.delta", "failed");
    }

    @Test
    void streamGoesOnAfterEachEventWhileItRunsAndAfterItsEnd() throws Exception {
        HttpWire first = rig.wire().post(BackgroundRig.RESPONSES, rig.key(), BackgroundRig.STREAM);
        Play play = generator.accept();
        first.head();
        List<String> pieces = List.of("aä", "🎈\n", "\"b", "c");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            play.say(pieces.get(i));
            text.append(pieces.get(i));
            rig.awaitText(play, text.toString());
            HttpWire reader = rig.open(play, "?stream=true&starting_after=" + (4 + i));
            reader.head();
            Answer beyond = rig.get(play, "?stream=true&starting_after=" + (5 + i));
            assertThat(beyond.status()).isEqualTo(400);
            assertThat(BackgroundRig.json(beyond).at("/error/param").asText()).isEqualTo("starting_after");
            reader.close();
        }
        play.finish();
        ResponseStream whole = ResponseStream.of(first.rest());
        assertThat(whole.text()).isEqualTo("aä🎈\n\"bc");
        assertThat(whole.lastNumber()).isEqualTo(11);

        for (long received = 0; received <= 11; received++) {
            Answer answer = rig.get(play, "?stream=true&starting_after=" + received);
            assertThat(answer.status()).as("after %d", received).isEqualTo(200);
            ResponseStream rest = ResponseStream.of(answer.body());
            int known = (int) Math.max(0, Math.min(4, received - 3));
            assertThat(rest.text()).isEqualTo(String.join("", pieces.subList(known, 4)));
            if (received < 11) {
                assertThat(rest.numbers().get(0)).isGreaterThan(received);
                assertThat(rest.last()).isEqualTo(whole.last());
            } else {
                assertThat(rest.events()).isEmpty();
            }
        }
        assertThat(rig.get(play, "?stream=true&starting_after=12").status()).isEqualTo(400);
        assertThat(ResponseStream.of(rig.get(play, "?stream=true").body()).numbers())
                .startsWith(0L, 1L, 2L, 3L);
    }

    @Test
    void readerThatWasDroppedContinuesLive() throws Exception {
        HttpWire first = rig.wire().post(BackgroundRig.RESPONSES, rig.key(), BackgroundRig.STREAM);
        Play play = generator.accept();
        first.head();
        play.say("one ");
        rig.awaitText(play, "one ");
        first.close();
        await().until(() -> service.metric("runnel_resume_readers") == 0);
        play.say("two ");
        rig.awaitText(play, "one two ");

        HttpWire second = rig.open(play, "?stream=true&starting_after=4");
        second.head();
        play.say("three").finish();

        ResponseStream rest = ResponseStream.of(second.rest());
        assertThat(rest.text()).isEqualTo("two three");
        assertThat(rest.names()).endsWith("completed");
        assertThat(rest.lastNumber()).isEqualTo(10);
        assertThat(generator.heardNoCancel(play)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?stream=maybe",
                "?stream=true&stream=true",
                "?stream=true&starting_after=-1",
                "?stream=true&starting_after=x",
                "?stream=true&starting_after=",
                "?stream=true&starting_after=2",
                "?stream=true&starting_after=1&starting_after=1",
                "?stream=true&starting_after=9999999999999999999"
            })
    void wrongQueryIsRefused(String query) throws Exception {
        Play play = rig.start();

        Answer answer = rig.get(play, query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(BackgroundRig.json(answer).at("/error/param").asText()).isIn("stream", "starting_after");
        play.finish();
    }

    @Test
    void clientThatPollsKeepsTheResponseAlive() throws Exception {
        Play play = rig.start();
        long end = System.nanoTime()
                + TestService.RESUME.grace().toNanos()
                + Duration.ofSeconds(1).toNanos();

        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> rig.state(play).get("status").asText().equals("in_progress") && System.nanoTime() > end);

        assertThat(generator.heardNoCancel(play)).isTrue();
        play.finish();
    }

    @Test
    void responseWithoutClientIsAbandonedAfterTheGraceTime() throws Exception {
        Play play = rig.start();

        assertThat(generator.cancel(play).cause()).isEqualTo(Cancel.Cause.CONSUMER_GONE);

        rig.awaitStatus(play, "failed");
        assertThat(rig.state(play).at("/error/code").asText()).isEqualTo("abandoned");
    }
}
