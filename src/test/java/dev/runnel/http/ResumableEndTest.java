package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.auth.IssuedKey;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.memory.HeldBytes;
import dev.runnel.message.Attach;
import dev.runnel.message.Attached;
import dev.runnel.message.Cancel;
import dev.runnel.sse.HttpWire;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How resumable generations end, and which readers receive that end. Two lanes serve the connections in turn. */
@ExtendWith(PlayedService.class)
class ResumableEndTest {

    private final TestService service;
    private final PlayedGenerator generator;
    private final ResumeRig rig;

    ResumableEndTest(TestService service, PlayedGenerator generator, ResumeRig rig) {
        this.service = service;
        this.generator = generator;
        this.rig = rig;
    }

    @Test
    void generationWithoutAReaderIsAbandonedAfterTheGraceTimeAndFreesItsKey() throws Exception {
        ResumedStream first = rig.posted();
        Play play = rig.accept(first).say("once");
        first.open().readTo("once").close();

        assertThat(generator.cancel(play)).isEqualTo(new Cancel(play.id(), Cancel.Cause.CONSUMER_GONE));

        JsonNode state = rig.state(play);
        assertThat(state.get("status").asText()).isEqualTo("failed");
        assertThat(state.get("error").get("code").asText()).isEqualTo("abandoned");
        assertThat(state.get("text").asText()).isEqualTo("once");
        assertThat(rig.attached(play, "").readAll().ending()).isEqualTo("timeout_error abandoned");
        rig.post();
        assertThat(generator.accept().id()).isNotEqualTo(play.id());
    }

    @Test
    void failureIsTheEndOfEveryReaderAndFreesTheKey() throws Exception {
        ResumedStream first = rig.posted();
        Play play = rig.accept(first).say("once");
        ResumedStream second = rig.posted().open();

        play.fail(Failure.of(FailureCode.UPSTREAM_FAILED, "the upstream failed"));

        assertThat(first.open().readAll().ending()).isEqualTo("api_error");
        assertThat(second.readAll().ending()).isEqualTo("api_error");
        assertThat(second.text()).isEqualTo("once");
        rig.post();
        assertThat(generator.accept().id()).isNotEqualTo(play.id());
    }

    @Test
    void deletedGenerationEndsItsReadersAndKeepsItsKey() throws Exception {
        ResumedStream first = rig.posted();
        Play play = rig.accept(first).say("once");

        assertThat(rig.delete(play)).isEqualTo(204);
        assertThat(generator.cancel(play).cause()).isEqualTo(Cancel.Cause.DELETED);
        play.finish(FinishReason.CANCELLED, new Usage(1, 1, false));

        assertThat(first.open().readAll().ending()).isEqualTo("cancelled");
        assertThat(rig.delete(play)).isEqualTo(204);
        assertThat(rig.posted().open().readAll().ending()).isEqualTo("cancelled");
        assertThat(rig.state(play).get("finishReason").asText()).isEqualTo("cancelled");
    }

    @Test
    void deleteOfAFinishedGenerationForgetsItsTextAndKey() throws Exception {
        ResumedStream first = rig.posted();
        Play play = rig.accept(first).say("once");
        play.finish();
        first.open().readAll();

        assertThat(rig.delete(play)).isEqualTo(204);
        assertThat(rig.delete(play)).isEqualTo(204);

        assertThat(rig.get(ResumeRig.GENERATE + "/" + play.id()).status()).isEqualTo(404);
        rig.post();
        assertThat(generator.accept().id()).isNotEqualTo(play.id());
        await().until(() -> rig.delete(play) == 404);
    }

    @Test
    void revokedKeyCancelsWhatItStartedAndOtherReadersAreCancelled() throws Exception {
        IssuedKey revoked = service.issue("unlimited");
        ResumedStream own = new ResumedStream(
                rig.wire().post(ResumeRig.STREAM, revoked.token(), ResumeRig.BODY, rig.idempotencyKey()), "");
        Play play = generator.accept().say("once");
        own.open().readTo("once");
        ResumedStream other = rig.attached(play, "").readTo("once");

        service.revoke(revoked);

        assertThat(generator.cancel(play)).isEqualTo(new Cancel(play.id(), Cancel.Cause.DELETED));
        play.finish(FinishReason.CANCELLED, Usage.NONE);
        assertThat(own.readAll().ending()).isEqualTo("authentication_error");
        assertThat(other.readAll().ending()).isEqualTo("cancelled");
    }

    @Test
    void revokedKeyThatOnlyReadsEndsItsStreamsOnly() throws Exception {
        ResumedStream own = rig.posted();
        Play play = rig.accept(own).say("once");
        own.open().readTo("once");
        IssuedKey revoked = service.issue("unlimited");
        HttpWire wire =
                rig.wire().get(ResumeRig.GENERATE + "/" + play.id() + "/stream", HttpWire.bearer(revoked.token()));
        ResumedStream other = new ResumedStream(wire, "").open().readTo("once");

        service.revoke(revoked);

        assertThat(other.readAll().ending()).isEqualTo("authentication_error");
        assertThat(generator.heardNoCancel(play)).isTrue();
        play.finish();
        assertThat(own.readAll().ending()).isEqualTo("stop");
    }

    @Test
    void deletedGenerationThatEndsByItselfIsForgotten() throws Exception {
        ResumedStream first = rig.posted();
        Play play = rig.accept(first).say("once");

        assertThat(rig.delete(play)).isEqualTo(204);
        play.finish(FinishReason.LENGTH, new Usage(1, 1, false));

        assertThat(first.open().readAll().ending()).isEqualTo("length");
        await().until(() -> rig.get(ResumeRig.GENERATE + "/" + play.id()).status() == 404);
        rig.post();
        assertThat(generator.accept().id()).isNotEqualTo(play.id());
    }

    @Test
    void firstTextForALaneWhoseReaderHasLeftEndsNothing() throws Exception {
        ResumedStream first = rig.posted();
        Play play = rig.accept(first);
        attachWithoutAReader(play, inboxOfTheOtherLane(play));

        play.say("once").say(" upon");
        first.open().readTo("once upon");

        // Both lanes have received the text and answer after it.
        rig.state(play);
        rig.state(play);
        assertThat(generator.heardNoCancel(play)).isTrue();
        play.finish();
        assertThat(first.readAll().ending()).isEqualTo("stop");
    }

    private String inboxOfTheOtherLane(Play play) throws InterruptedException {
        String inbox = play.submit().inbox();
        while (inbox.equals(play.submit().inbox())) {
            rig.wire().post(ResumeRig.STREAM, rig.key(), ResumeRig.BODY);
            inbox = generator.accept().submit().inbox();
        }
        return inbox;
    }

    /** As where the reader leaves while its lane's message is on its way. */
    private void attachWithoutAReader(Play play, String inbox) throws Exception {
        var attach = new Attach(play.id(), play.submit().origin().owner(), inbox, 99, "", false, 0);
        Attached answer = service.vertx()
                .eventBus()
                .<Attached>request(play.submit().inbox(), attach)
                .await(5, TimeUnit.SECONDS)
                .body();
        assertThat(answer.answer()).isEqualTo(Attached.Answer.ATTACHED);
    }

    @Test
    void textOfAnEndedGenerationIsHeldUntilItsLastReaderHasLeft() throws Exception {
        String body = "{\"prompt\":\"once\",\"includeText\":false}";
        try (HttpWire slow =
                new HttpWire(service.port(), 4096).post(ResumeRig.STREAM, rig.key(), body, rig.idempotencyKey())) {
            Play play = generator.accept();
            slow.head();
            for (int i = 0; i < 80; i++) {
                play.say("x".repeat(100_000));
            }
            play.finish();
            await().until(() -> rig.state(play).get("status").asText().equals("finished"));

            assertThat(service.memory().held(HeldBytes.Kind.TEXTS)).isGreaterThanOrEqualTo(8_000_000);
        }
        await().until(() -> service.memory().held(HeldBytes.Kind.TEXTS) == 0);
    }
}
