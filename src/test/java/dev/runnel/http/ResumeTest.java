package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.auth.IssuedKey;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Cancel;
import dev.runnel.message.Failed;
import dev.runnel.message.Status;
import dev.runnel.message.Submit;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.eventbus.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4 of the contract. Two lanes serve the connections in turn, so that most readers are on another lane. */
@ExtendWith(PlayedService.class)
class ResumeTest {

    private static final String STREAM = "/v1/generate/stream";
    private static final String GENERATE = "/v1/generate";
    private static final String BODY = "{\"prompt\":\"once\",\"maxTokens\":20}";
    private static int keys;

    private final TestService service;
    private final PlayedGenerator generator;
    private final String key;
    private final String idempotencyKey = "Idempotency-Key: test " + ++keys;
    private final List<AutoCloseable> opened = new ArrayList<>();

    ResumeTest(TestService service, PlayedGenerator generator) {
        this.service = service;
        this.generator = generator;
        this.key = service.key();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    private HttpWire wire() {
        HttpWire wire = new HttpWire(service.port());
        opened.add(wire);
        return wire;
    }

    private HttpWire post(String... headers) {
        return wire().post(STREAM, key, BODY, with(idempotencyKey, headers));
    }

    private static String[] with(String first, String... others) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(others));
        return all.toArray(String[]::new);
    }

    private ResumedStream posted() {
        return new ResumedStream(post(), "");
    }

    private ResumedStream attached(Play play, String known, String... headers) {
        return new ResumedStream(stream(play, known, headers), known).open();
    }

    private HttpWire stream(Play play, String known, String... headers) {
        int cursor = known.getBytes(StandardCharsets.UTF_8).length;
        return wire().get(
                        GENERATE + "/" + play.id() + "/stream",
                        with(HttpWire.bearer(key), with("Last-Event-ID: " + cursor, headers)));
    }

    private Answer get(String path) {
        return wire().get(path, HttpWire.bearer(key)).answer();
    }

    private JsonNode state(Play play) {
        Answer answer = get(GENERATE + "/" + play.id());
        assertThat(answer.status()).isEqualTo(200);
        return ResumedStream.json(answer.body());
    }

    private int delete(Play play) {
        return wire().delete(GENERATE + "/" + play.id(), HttpWire.bearer(key))
                .answer()
                .status();
    }

    private static void assertConflict(Answer answer, String code) {
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).contains("\"type\":\"conflict_error\"", "\"code\":\"" + code + "\"");
    }

    @Test
    void eventsHaveCursorsAndEachReaderGetsTheWhole() throws Exception {
        ResumedStream first = posted();
        Play play = generator.accept();
        first.open();
        play.say("Örtliche ");
        first.readTo("Örtliche ");
        ResumedStream second = posted().open();
        ResumedStream third = posted().open().readTo("Örtliche ");

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
        ResumedStream first = posted();
        Play play = generator.accept().say("once ").say("upon");
        play.finish();
        first.open().readAll();

        for (int again = 0; again < 4; again++) {
            assertThat(posted().open().readAll().text()).isEqualTo("once upon");
            assertThat(attached(play, "once").readAll().text()).isEqualTo("once upon");
        }

        assertThat(generator.waitingSubmits()).isZero();
    }

    @Test
    void streamGoesOnAtEachByteBetweenCodePointsAndAtNoOther() throws Exception {
        String text = "aä€🎈\n\"b";
        posted();
        Play play = generator.accept();
        play.say(text).finish();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);

        for (int cursor = 0; cursor <= utf8.length + 1; cursor++) {
            HttpWire wire = wire().get(
                            GENERATE + "/" + play.id() + "/stream", HttpWire.bearer(key), "Last-Event-ID: " + cursor);
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
        ResumedStream first = posted();
        Play play = generator.accept().say("once");
        play.finish();
        first.open().readAll();

        Answer again = stream(play, "once").answer();

        assertThat(again.chunks()).hasSize(2);
        assertThat(again.body())
                .startsWith("id: 4\ndata: ")
                .contains("\"text\":\"once\"")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void sameValuesAreTheSameRequest() throws Exception {
        post();
        Play play = generator.accept().say("once");
        play.finish();
        String same = "{ \"maxTokens\": 2e1, \"includeText\": false, \"topK\": null, \"prompt\": \"\\u006fnce\" }";

        Answer answer = wire().post(STREAM, key, same, idempotencyKey).answer();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"delta\":\"once\"").doesNotContain("\"text\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt\":\"once\"}",
                "{\"prompt\":\"once\",\"maxTokens\":21}",
                "{\"prompt\":\"twice\",\"maxTokens\":20}",
                "{\"prompt\":\"once\",\"maxTokens\":20,\"temperature\":0}",
                "{\"prompt\":\"once\",\"maxTokens\":20,\"model\":\"echo\"}",
                "{\"prompt\":\"once\",\"maxTokens\":20,\"stop\":[\"x\"]}"
            })
    void anotherRequestWithTheKeyIsAConflict(String other) throws Exception {
        posted();
        generator.accept();

        assertConflict(wire().post(GENERATE, key, other, idempotencyKey).answer(), "idempotency_mismatch");
    }

    @Test
    void bothRoutesAttachToTheSameGeneration() throws Exception {
        HttpWire whole = wire().post(GENERATE, key, BODY, idempotencyKey);
        Play play = generator.accept().say("once ");
        ResumedStream stream = posted().open();

        play.say("upon").finish();

        Answer answer = whole.answer();
        assertThat(answer.header("X-Generation-Id")).isEqualTo(play.id());
        assertThat(ResumedStream.json(answer.body()).get("text").asText()).isEqualTo("once upon");
        assertThat(stream.readAll().text()).isEqualTo("once upon");
        assertThat(wire().post(GENERATE, key, BODY, idempotencyKey).answer().body())
                .isEqualTo(answer.body());
    }

    @Test
    void keyOfAnotherCallerIsAnotherKey() throws Exception {
        posted();
        Play first = generator.accept();
        String other = service.keyOf("bob");

        wire().post(STREAM, other, BODY, idempotencyKey);

        assertThat(generator.accept().id()).isNotEqualTo(first.id());
        for (String path : List.of("", "/stream")) {
            Answer foreign = wire().get(GENERATE + "/" + first.id() + path, HttpWire.bearer(other))
                    .answer();
            Answer unknown = wire().get(GENERATE + "/gen_0" + path, HttpWire.bearer(other))
                    .answer();
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(foreign.body()).isEqualTo(unknown.body());
        }
        assertThat(wire().delete(GENERATE + "/" + first.id(), HttpWire.bearer(other))
                        .answer()
                        .status())
                .isEqualTo(404);
        assertThat(generator.heardNoCancel(first)).isTrue();
    }

    @Test
    void secondRequestWaitsForTheAnswerToTheFirst() throws Exception {
        HttpWire first = post();
        Message<Submit> submit = generator.submit();
        HttpWire second = post();
        await().until(() -> service.metric("runnel_resume_claims") == 1);

        Play play = generator.accept(submit).say("once");
        play.finish();

        assertThat(new ResumedStream(first, "").open().readAll().text()).isEqualTo("once");
        assertThat(new ResumedStream(second, "").open().readAll().text()).isEqualTo("once");
    }

    @Test
    void requestThatWaitsTriesForItselfIfTheFirstIsRefused() throws Exception {
        HttpWire first = post();
        Message<Submit> submit = generator.submit();
        HttpWire second = post();

        submit.reply(new Failed("", 0, Failure.full("full", 3)));

        assertThat(first.answer().status()).isEqualTo(503);
        Play play = generator.accept().say("once");
        play.finish();
        assertThat(new ResumedStream(second, "").open().readAll().text()).isEqualTo("once");
    }

    @Test
    void atMostAsManyRequestsWaitAsMayRead() throws Exception {
        post();
        Message<Submit> submit = generator.submit();
        List<HttpWire> waiting = List.of(post(), post(), post(), post());

        // Three wait, and one of the four is refused at once.
        await().until(() -> service.metric("runnel_resume_refused_total{reason=\"in_progress\"}") > 0);
        submit.reply(new Failed("", 0, Failure.full("full", 3)));
        generator.refuse(Failure.full("full", 3));
        generator.refuse(Failure.full("full", 3));
        generator.refuse(Failure.full("full", 3));

        List<Answer> answers = waiting.stream().map(HttpWire::answer).toList();
        assertThat(answers).extracting(Answer::status).containsOnlyOnce(409).contains(503);
        Answer refused = answers.stream()
                .filter(answer -> answer.status() == 409)
                .findFirst()
                .orElseThrow();
        assertConflict(refused, "in_progress");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void clientThatLeavesBeforeTheAcceptanceFreesItsKey() throws Exception {
        HttpWire first = post();
        Message<Submit> submit = generator.submit();
        double open = service.connections();
        first.close();
        await().until(() -> service.connections() < open);

        Play left = generator.accept(submit);

        assertThat(generator.cancel(left)).isEqualTo(new Cancel(left.id(), Cancel.Cause.CONSUMER_GONE));
        post();
        assertThat(generator.accept().id()).isNotEqualTo(left.id());
    }

    @Test
    void generationWithoutAReaderIsAbandonedAfterTheGraceTimeAndFreesItsKey() throws Exception {
        ResumedStream first = posted();
        Play play = generator.accept().say("once");
        first.open().readTo("once").close();

        assertThat(generator.cancel(play)).isEqualTo(new Cancel(play.id(), Cancel.Cause.CONSUMER_GONE));

        JsonNode state = state(play);
        assertThat(state.get("status").asText()).isEqualTo("failed");
        assertThat(state.get("error").get("code").asText()).isEqualTo("abandoned");
        assertThat(state.get("text").asText()).isEqualTo("once");
        assertThat(attached(play, "").readAll().ending()).isEqualTo("timeout_error abandoned");
        post();
        assertThat(generator.accept().id()).isNotEqualTo(play.id());
    }

    @Test
    void clientThatComesBackWithinTheGraceTimeGoesOn() throws Exception {
        ResumedStream first = posted();
        Play play = generator.accept().say("once ");
        first.open().readTo("once ").close();
        await().until(() -> service.metric("runnel_resume_readers") == 0);
        play.say("upon ");

        ResumedStream second = attached(play, "once ").readTo("once upon ");
        play.say("a time").finish();

        assertThat(second.readAll().text()).isEqualTo("once upon a time");
        assertThat(second.ending()).isEqualTo("stop");
    }

    @Test
    void failureIsTheEndOfEveryReaderAndFreesTheKey() throws Exception {
        ResumedStream first = posted();
        Play play = generator.accept().say("once");
        ResumedStream second = posted().open();

        play.fail(Failure.of(FailureCode.UPSTREAM_FAILED, "the upstream failed"));

        assertThat(first.open().readAll().ending()).isEqualTo("api_error");
        assertThat(second.readAll().ending()).isEqualTo("api_error");
        assertThat(second.text()).isEqualTo("once");
        post();
        assertThat(generator.accept().id()).isNotEqualTo(play.id());
    }

    @Test
    void deletedGenerationEndsItsReadersAndKeepsItsKey() throws Exception {
        ResumedStream first = posted();
        Play play = generator.accept().say("once");

        assertThat(delete(play)).isEqualTo(204);
        assertThat(generator.cancel(play).cause()).isEqualTo(Cancel.Cause.DELETED);
        play.finish(FinishReason.CANCELLED, new Usage(1, 1, false));

        assertThat(first.open().readAll().ending()).isEqualTo("cancelled");
        assertThat(delete(play)).isEqualTo(204);
        assertThat(posted().open().readAll().ending()).isEqualTo("cancelled");
        assertThat(state(play).get("finishReason").asText()).isEqualTo("cancelled");
    }

    @Test
    void deleteOfAFinishedGenerationForgetsItsTextAndKey() throws Exception {
        ResumedStream first = posted();
        Play play = generator.accept().say("once");
        play.finish();
        first.open().readAll();

        assertThat(delete(play)).isEqualTo(204);
        assertThat(delete(play)).isEqualTo(204);

        assertThat(get(GENERATE + "/" + play.id()).status()).isEqualTo(404);
        post();
        assertThat(generator.accept().id()).isNotEqualTo(play.id());
        await().until(() -> delete(play) == 404);
    }

    @Test
    void stateOfAResumableGenerationHasItsText() throws Exception {
        ResumedStream first = posted();
        Play play = generator.accept();
        generator.phase(Status.Phase.WAITING);
        assertThat(state(play).get("status").asText()).isEqualTo("waiting");
        generator.phase(Status.Phase.RUNNING);
        play.say("ö\"");
        first.open().readTo("ö\"");

        JsonNode running = state(play);
        play.finish();
        first.readAll();
        JsonNode finished = state(play);

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
        HttpWire plain = wire().post(STREAM, key, BODY);
        Play play = generator.accept();

        assertThat(state(play).toString())
                .isEqualTo("{\"id\":\"" + play.id() + "\",\"status\":\"running\",\"model\":\"echo\",\"bytes\":1}");
        assertConflict(get(GENERATE + "/" + play.id() + "/stream"), "not_resumable");
        assertThat(delete(play)).isEqualTo(204);
        play.finish(FinishReason.CANCELLED, Usage.NONE);
        assertThat(plain.answer().body()).contains("\"finishReason\":\"cancelled\"");
        assertThat(delete(play)).isEqualTo(404);
    }

    @Test
    void oneReaderMoreThanMayReadIsRefused() throws Exception {
        posted();
        Play play = generator.accept();
        attached(play, "");
        ResumedStream leaves = attached(play, "");

        Answer refused = stream(play, "").answer();

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body()).contains("\"code\":\"readers\"");
        assertThat(post().answer().status()).isEqualTo(429);
        leaves.close();
        await().until(() -> stream(play, "").head().status() == 200);
    }

    @Test
    void cursorOfAnUnknownKeyHasDiverged() {
        assertConflict(post("Last-Event-ID: 3").answer(), "diverged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "1.2", "", "99999999999999999999", "0x1"})
    void cursorThatIsNotANumberIsRefused(String cursor) throws Exception {
        posted();
        Play play = generator.accept();

        assertThat(post("Last-Event-ID: " + cursor).answer().status()).isEqualTo(400);
        assertThat(wire().get(GENERATE + "/" + play.id() + "/stream", HttpWire.bearer(key), "Last-Event-ID: " + cursor)
                        .answer()
                        .status())
                .isEqualTo(400);
    }

    @Test
    void headersThatBreakARuleAreRefused() {
        List<String[]> wrong = List.of(
                new String[] {"Last-Event-ID: 0"},
                new String[] {"Idempotency-Key:"},
                new String[] {"Idempotency-Key: ä"},
                new String[] {"Idempotency-Key: " + "x".repeat(256)},
                new String[] {"Idempotency-Key: a", "Idempotency-Key: a"},
                new String[] {"Idempotency-Key: a", "Last-Event-ID: 1", "Last-Event-ID: 1"});
        for (String[] headers : wrong) {
            Answer answer = wire().post(GENERATE, key, BODY, headers).answer();
            assertThat(answer.status()).as(String.join(", ", headers)).isEqualTo(400);
            assertThat(answer.body()).contains("expected");
        }
    }

    @Test
    void streamRepeatsTheTextAsTheRequestAskedUnlessTheQueryDiffers() throws Exception {
        String without = "{\"prompt\":\"once\",\"includeText\":false}";
        wire().post(STREAM, key, without, idempotencyKey);
        Play play = generator.accept().say("once");
        play.finish();
        String path = GENERATE + "/" + play.id() + "/stream";
        await().until(() -> state(play).get("status").asText().equals("finished"));

        assertThat(get(path).body()).doesNotContain("\"text\"");
        assertThat(get(path + "?includeText=true").body()).contains("\"text\":\"once\"");
        assertThat(get(path + "?includeText=false").body()).doesNotContain("\"text\"");
        assertThat(get(path + "?includeText=yes").status()).isEqualTo(400);
    }

    @Test
    void attachingTakesNothingOfTheLimits() throws Exception {
        IssuedKey single = service.issue("single");
        String body = "{\"prompt\":\"once\",\"maxTokens\":90}";
        ResumedStream first = new ResumedStream(wire().post(STREAM, single.token(), body, idempotencyKey), "");
        Play play = generator.accept().say("once");
        first.open().readTo("once");

        ResumedStream second = new ResumedStream(wire().post(STREAM, single.token(), body, idempotencyKey), "").open();
        first.close();
        play.say(" upon");

        second.readTo("once upon");
        assertThat(service.limiter().running()).isEqualTo(1);
        play.finish();
        second.readAll();
        await().until(() -> service.limiter().running() == 0);
    }

    @Test
    void revokedKeyCancelsWhatItStartedAndOtherReadersAreCancelled() throws Exception {
        IssuedKey revoked = service.issue("unlimited");
        ResumedStream own = new ResumedStream(wire().post(STREAM, revoked.token(), BODY, idempotencyKey), "");
        Play play = generator.accept().say("once");
        own.open().readTo("once");
        ResumedStream other = attached(play, "").readTo("once");

        service.revoke(revoked);

        assertThat(generator.cancel(play)).isEqualTo(new Cancel(play.id(), Cancel.Cause.DELETED));
        play.finish(FinishReason.CANCELLED, Usage.NONE);
        assertThat(own.readAll().ending()).isEqualTo("authentication_error");
        assertThat(other.readAll().ending()).isEqualTo("cancelled");
    }

    @Test
    void revokedKeyThatOnlyReadsEndsItsStreamsOnly() throws Exception {
        ResumedStream own = posted();
        Play play = generator.accept().say("once");
        own.open().readTo("once");
        IssuedKey revoked = service.issue("unlimited");
        HttpWire wire = wire().get(GENERATE + "/" + play.id() + "/stream", HttpWire.bearer(revoked.token()));
        ResumedStream other = new ResumedStream(wire, "").open().readTo("once");

        service.revoke(revoked);

        assertThat(other.readAll().ending()).isEqualTo("authentication_error");
        assertThat(generator.heardNoCancel(play)).isTrue();
        play.finish();
        assertThat(own.readAll().ending()).isEqualTo("stop");
    }

    @Test
    void headOfAStreamAttachesNoReader() throws Exception {
        posted();
        Play play = generator.accept();

        Answer head = wire().send(
                        HttpWire.requestHead("HEAD", GENERATE + "/" + play.id() + "/stream", HttpWire.bearer(key)))
                .head();

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).startsWith("text/event-stream");
    }
}
