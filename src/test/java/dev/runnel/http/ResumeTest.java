package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.auth.IssuedKey;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Status;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Readers of resumable generations. Two lanes serve the connections in turn, so most readers are on another lane. */
@ExtendWith(PlayedService.class)
class ResumeTest {

    private final TestService service;
    private final PlayedGenerator generator;
    private final ResumeRig rig;

    ResumeTest(TestService service, PlayedGenerator generator, ResumeRig rig) {
        this.service = service;
        this.generator = generator;
        this.rig = rig;
    }

    @Test
    void eventsHaveCursorsAndEachReaderGetsTheWhole() throws Exception {
        ResumedStream first = rig.posted();
        Play play = rig.accept(first);
        first.open();
        play.say("Örtliche ");
        first.readTo("Örtliche ");
        ResumedStream second = rig.posted().open();
        ResumedStream third = rig.posted().open().readTo("Örtliche ");

        play.say("Zeit 🎈").finish();

        for (ResumedStream reader : List.of(first, second, third)) {
            reader.readAll();
            assertThat(reader.text()).isEqualTo("Örtliche Zeit 🎈");
            assertThat(reader.ending()).isEqualTo("stop");
        }
        assertThat(generator.waitingSubmits()).isZero();
    }

    @Test
    void finishedGenerationIsReadByKeyAndById() throws Exception {
        ResumedStream first = rig.posted();
        Play play = rig.accept(first).say("once ").say("upon");
        play.finish();
        first.open().readAll();

        for (int again = 0; again < 4; again++) {
            assertThat(rig.posted().open().readAll().text()).isEqualTo("once upon");
            assertThat(rig.attached(play, "once").readAll().text()).isEqualTo("once upon");
        }

        assertThat(generator.waitingSubmits()).isZero();
    }

    @Test
    void streamGoesOnAtEachByteBetweenCodePointsAndAtNoOther() throws Exception {
        String text = "aä€🎈\n\"b";
        Play play = rig.accept(rig.posted());
        play.say(text).finish();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);

        for (int cursor = 0; cursor <= utf8.length + 1; cursor++) {
            HttpWire wire = rig.wire()
                    .get(
                            ResumeRig.GENERATE + "/" + play.id() + "/stream",
                            HttpWire.bearer(rig.key()),
                            "Last-Event-ID: " + cursor);
            String head = new String(utf8, 0, Math.min(cursor, utf8.length), StandardCharsets.UTF_8);
            if (cursor <= utf8.length && text.startsWith(head)) {
                assertThat(new ResumedStream(wire, head).open().readAll().text())
                        .isEqualTo(text);
            } else {
                Answer answer = wire.answer();
                assertThat(answer.status()).as("cursor %d", cursor).isEqualTo(400);
                assertThat(answer.body()).contains("Last-Event-ID: " + cursor);
            }
        }
    }

    @Test
    void readerThatHasAllGetsTheEndOnly() throws Exception {
        ResumedStream first = rig.posted();
        Play play = rig.accept(first).say("once");
        play.finish();
        first.open().readAll();

        Answer again = rig.stream(play, "once").answer();

        assertThat(again.chunks()).hasSize(2);
        assertThat(again.body())
                .startsWith("id: 4\ndata: ")
                .contains("\"text\":\"once\"")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void clientThatComesBackWithinTheGraceTimeGoesOn() throws Exception {
        ResumedStream first = rig.posted();
        Play play = rig.accept(first).say("once ");
        first.open().readTo("once ").close();
        await().until(() -> service.metric("runnel_resume_readers") == 0);
        play.say("upon ");

        ResumedStream second = rig.attached(play, "once ").readTo("once upon ");
        play.say("a time").finish();

        assertThat(second.readAll().text()).isEqualTo("once upon a time");
        assertThat(second.ending()).isEqualTo("stop");
    }

    @Test
    void stateOfAResumableGenerationHasItsText() throws Exception {
        ResumedStream first = rig.posted();
        Play play = rig.accept(first);
        generator.phase(Status.Phase.WAITING);
        assertThat(rig.state(play).get("status").asText()).isEqualTo("waiting");
        generator.phase(Status.Phase.RUNNING);
        play.say("ö\"");
        first.open().readTo("ö\"");

        JsonNode running = rig.state(play);
        play.finish();
        first.readAll();
        JsonNode finished = rig.state(play);

        assertThat(running.toString())
                .isEqualTo("{\"id\":\"" + play.id() + "\",\"status\":\"running\",\"model\":\"echo\",\"bytes\":3,"
                        + "\"text\":\"ö\\\"\"}");
        assertThat(finished.toString())
                .isEqualTo("{\"id\":\"" + play.id() + "\",\"status\":\"finished\",\"model\":\"echo\",\"bytes\":3,"
                        + "\"finishReason\":\"stop\",\"usage\":{\"promptTokens\":4,\"completionTokens\":1,"
                        + "\"totalTokens\":5},\"text\":\"ö\\\"\"}");
    }

    @Test
    void plainGenerationHasAStateWhileItRunsAndCannotBeResumed() throws Exception {
        HttpWire plain = rig.wire().post(ResumeRig.STREAM, rig.key(), ResumeRig.BODY);
        Play play = generator.accept();

        assertThat(rig.state(play).toString())
                .isEqualTo("{\"id\":\"" + play.id() + "\",\"status\":\"running\",\"model\":\"echo\",\"bytes\":1}");
        ResumeRig.assertConflict(rig.get(ResumeRig.GENERATE + "/" + play.id() + "/stream"), "not_resumable");
        assertThat(rig.delete(play)).isEqualTo(204);
        play.finish(FinishReason.CANCELLED, Usage.NONE);
        assertThat(plain.answer().body()).contains("\"finishReason\":\"cancelled\"");
        assertThat(rig.delete(play)).isEqualTo(404);
    }

    @Test
    void oneReaderMoreThanMayReadIsRefused() throws Exception {
        Play play = rig.accept(rig.posted());
        rig.attached(play, "");
        ResumedStream leaves = rig.attached(play, "");

        Answer refused = rig.stream(play, "").answer();

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body()).contains("\"code\":\"readers\"");
        assertThat(rig.post().answer().status()).isEqualTo(429);
        leaves.close();
        await().until(() -> rig.stream(play, "").head().status() == 200);
    }

    @Test
    void streamRepeatsTheTextAsTheRequestAskedUnlessTheQueryDiffers() throws Exception {
        String without = "{\"prompt\":\"once\",\"includeText\":false}";
        HttpWire first = rig.wire().post(ResumeRig.STREAM, rig.key(), without, rig.idempotencyKey());
        Play play = generator.accept();
        first.head();
        play.say("once").finish();
        String path = ResumeRig.GENERATE + "/" + play.id() + "/stream";
        await().until(() -> rig.state(play).get("status").asText().equals("finished"));

        assertThat(rig.get(path).body()).doesNotContain("\"text\"");
        assertThat(rig.get(path + "?includeText=true").body()).contains("\"text\":\"once\"");
        assertThat(rig.get(path + "?includeText=false").body()).doesNotContain("\"text\"");
        assertThat(rig.get(path + "?includeText=yes").status()).isEqualTo(400);
    }

    @Test
    void attachingTakesNothingOfTheLimits() throws Exception {
        IssuedKey single = service.issue("single");
        String body = "{\"prompt\":\"once\",\"maxTokens\":90}";
        ResumedStream first =
                new ResumedStream(rig.wire().post(ResumeRig.STREAM, single.token(), body, rig.idempotencyKey()), "");
        Play play = generator.accept().say("once");
        first.open().readTo("once");

        ResumedStream second = new ResumedStream(
                        rig.wire().post(ResumeRig.STREAM, single.token(), body, rig.idempotencyKey()), "")
                .open();
        first.close();
        play.say(" upon");

        second.readTo("once upon");
        assertThat(service.limiter().running()).isEqualTo(1);
        play.finish();
        second.readAll();
        await().until(() -> service.limiter().running() == 0);
    }

    @Test
    void headOfAStreamAttachesNoReader() throws Exception {
        Play play = rig.accept(rig.posted());

        Answer head = rig.wire()
                .send(HttpWire.requestHead(
                        "HEAD", ResumeRig.GENERATE + "/" + play.id() + "/stream", HttpWire.bearer(rig.key())))
                .head();

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).startsWith("text/event-stream");
    }

    @Test
    void queryThatCannotBeDecodedIsRefusedAsMalformed() throws Exception {
        Play play = rig.accept(rig.posted());

        for (String value : List.of("%zz", "%", "%c3%28%")) {
            Answer answer = rig.get(ResumeRig.GENERATE + "/" + play.id() + "/stream?includeText=" + value);
            assertThat(answer.status()).as(value).isEqualTo(400);
        }
    }

    @Test
    void cursorThatIsRefusedAttachesNoReader() throws Exception {
        Play play = rig.accept(rig.posted());
        double attached = service.metric("runnel_resume_attached_total");

        assertThat(rig.stream(play, "too far").answer().status()).isEqualTo(400);

        assertThat(attached).isPositive();
        assertThat(service.metric("runnel_resume_attached_total")).isEqualTo(attached);
    }
}
