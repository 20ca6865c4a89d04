package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Attach;
import dev.runnel.message.Cancel;
import dev.runnel.message.Failed;
import dev.runnel.message.Submit;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.Failure;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.Message;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For what an idempotency key stands. Two lanes serve the connections in turn. */
@ExtendWith(PlayedService.class)
class IdempotencyKeyTest {

    private final TestService service;
    private final PlayedGenerator generator;
    private final ResumeRig rig;

    IdempotencyKeyTest(TestService service, PlayedGenerator generator, ResumeRig rig) {
        this.service = service;
        this.generator = generator;
        this.rig = rig;
    }

    @Test
    void sameValuesAreTheSameRequest() throws Exception {
        rig.post();
        Play play = generator.accept().say("once");
        play.finish();
        String same = "{ \"maxTokens\": 2e1, \"includeText\": false, \"topK\": null, \"prompt\": \"\\u006fnce\" }";

        Answer answer = rig.wire()
                .post(ResumeRig.STREAM, rig.key(), same, rig.idempotencyKey())
                .answer();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"delta\":\"once\"").doesNotContain("\"text\"");
    }

    @Test
    void promptIsTheSameRequestAsAConversationOfOneTurn() throws Exception {
        rig.post();
        Play play = generator.accept().say("once");
        play.finish();
        String same = "{\"messages\":[{\"role\":\"user\",\"content\":\"once\"}],\"maxTokens\":20}";

        Answer answer = rig.wire()
                .post(ResumeRig.STREAM, rig.key(), same, rig.idempotencyKey())
                .answer();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"id\":\"" + play.id() + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\"},"
                        + "{\"role\":\"user\",\"content\":\"once\"}],\"maxTokens\":20}",
                "{\"prompt\":\"once\"}",
                "{\"prompt\":\"once\",\"maxTokens\":21}",
                "{\"prompt\":\"twice\",\"maxTokens\":20}",
                "{\"prompt\":\"once\",\"maxTokens\":20,\"temperature\":0}",
                "{\"prompt\":\"once\",\"maxTokens\":20,\"model\":\"echo\"}",
                "{\"prompt\":\"once\",\"maxTokens\":20,\"stop\":[\"x\"]}"
            })
    void anotherRequestWithTheKeyIsAConflict(String other) throws Exception {
        rig.posted();
        generator.accept();

        ResumeRig.assertConflict(
                rig.wire()
                        .post(ResumeRig.GENERATE, rig.key(), other, rig.idempotencyKey())
                        .answer(),
                "idempotency_mismatch");
    }

    @Test
    void bothRoutesAttachToTheSameGeneration() throws Exception {
        HttpWire whole = rig.wire().post(ResumeRig.GENERATE, rig.key(), ResumeRig.BODY, rig.idempotencyKey());
        Play play = generator.accept().say("once ");
        ResumedStream stream = rig.posted().open();

        play.say("upon").finish();

        Answer answer = whole.answer();
        assertThat(answer.header("X-Generation-Id")).isEqualTo(play.id());
        assertThat(ResumedStream.json(answer.body()).get("text").asText()).isEqualTo("once upon");
        assertThat(stream.readAll().text()).isEqualTo("once upon");
        assertThat(rig.wire()
                        .post(ResumeRig.GENERATE, rig.key(), ResumeRig.BODY, rig.idempotencyKey())
                        .answer()
                        .body())
                .isEqualTo(answer.body());
    }

    @Test
    void keyOfAnotherCallerIsAnotherKey() throws Exception {
        Play first = rig.accept(rig.posted());
        String other = service.keyOf("bob");

        rig.wire().post(ResumeRig.STREAM, other, ResumeRig.BODY, rig.idempotencyKey());

        assertThat(generator.accept().id()).isNotEqualTo(first.id());
        for (String path : List.of("", "/stream")) {
            Answer foreign = rig.wire()
                    .get(ResumeRig.GENERATE + "/" + first.id() + path, HttpWire.bearer(other))
                    .answer();
            Answer unknown = rig.wire()
                    .get(ResumeRig.GENERATE + "/gen_0" + path, HttpWire.bearer(other))
                    .answer();
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(foreign.body()).isEqualTo(unknown.body());
        }
        assertThat(rig.wire()
                        .delete(ResumeRig.GENERATE + "/" + first.id(), HttpWire.bearer(other))
                        .answer()
                        .status())
                .isEqualTo(404);
        assertThat(generator.heardNoCancel(first)).isTrue();
    }

    @Test
    void secondRequestWaitsForTheAnswerToTheFirst() throws Exception {
        HttpWire first = rig.post();
        Message<Submit> submit = generator.submit();
        HttpWire second = rig.post();
        await().until(() -> service.metric("runnel_resume_claims") == 1);

        Play play = generator.accept(submit).say("once");
        play.finish();

        assertThat(new ResumedStream(first, "").open().readAll().text()).isEqualTo("once");
        assertThat(new ResumedStream(second, "").open().readAll().text()).isEqualTo("once");
    }

    @Test
    void requestThatWaitsTriesForItselfIfTheFirstIsRefused() throws Exception {
        HttpWire first = rig.post();
        Message<Submit> submit = generator.submit();
        HttpWire second = rig.post();

        submit.reply(new Failed("", 0, Failure.full("full", 3)));

        assertThat(first.answer().status()).isEqualTo(503);
        Play play = generator.accept().say("once");
        play.finish();
        assertThat(new ResumedStream(second, "").open().readAll().text()).isEqualTo("once");
    }

    @Test
    void atMostAsManyRequestsWaitAsMayRead() throws Exception {
        rig.post();
        Message<Submit> submit = generator.submit();
        List<HttpWire> waiting = List.of(rig.post(), rig.post(), rig.post(), rig.post());

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
        ResumeRig.assertConflict(refused, "in_progress");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void clientThatLeavesBeforeTheAcceptanceFreesItsKey() throws Exception {
        HttpWire first = rig.post();
        Message<Submit> submit = generator.submit();
        double open = service.connections();
        first.close();
        await().until(() -> service.connections() < open);

        Play left = generator.accept(submit);

        assertThat(generator.cancel(left)).isEqualTo(new Cancel(left.id(), Cancel.Cause.CONSUMER_GONE));
        rig.post();
        assertThat(generator.accept().id()).isNotEqualTo(left.id());
    }

    @Test
    void cursorOfAnUnknownKeyHasDiverged() {
        ResumeRig.assertConflict(rig.post("Last-Event-ID: 3").answer(), "diverged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "1.2", "", "99999999999999999999", "0x1"})
    void cursorThatIsNotANumberIsRefused(String cursor) throws Exception {
        Play play = rig.accept(rig.posted());

        assertThat(rig.post("Last-Event-ID: " + cursor).answer().status()).isEqualTo(400);
        assertThat(rig.wire()
                        .get(
                                ResumeRig.GENERATE + "/" + play.id() + "/stream",
                                HttpWire.bearer(rig.key()),
                                "Last-Event-ID: " + cursor)
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
            Answer answer = rig.wire()
                    .post(ResumeRig.GENERATE, rig.key(), ResumeRig.BODY, headers)
                    .answer();
            assertThat(answer.status()).as(String.join(", ", headers)).isEqualTo(400);
            assertThat(answer.body()).contains("expected");
        }
    }

    @Test
    void clientThatLeavesWhileItWaitsStartsNothing() throws Exception {
        HttpWire first = rig.post();
        Message<Submit> submit = generator.submit();
        HttpWire second = rig.post();
        HttpWire whole = rig.wire().post(ResumeRig.GENERATE, rig.key(), ResumeRig.BODY, rig.idempotencyKey());
        await().until(() -> service.connections() >= 3);
        double open = service.connections();
        second.close();
        whole.close();
        await().until(() -> service.connections() <= open - 2);

        submit.reply(new Failed("", 0, Failure.full("full", 3)));
        assertThat(first.answer().status()).isEqualTo(503);

        assertThat(rig.accept(rig.posted())).isNotNull();
        assertThat(generator.waitingSubmits()).isZero();
    }

    @Test
    void requestWhoseGenerationIsDeletedWhileItAttachesStartsAnew() throws Exception {
        Play play = rig.accept(rig.posted());
        play.finish();
        await().until(() -> rig.state(play).get("status").asText().equals("finished"));
        BlockingQueue<DeliveryContext<Object>> attaches = new LinkedBlockingQueue<>();
        service.vertx().eventBus().addOutboundInterceptor((DeliveryContext<Object> sent) -> {
            if (sent.message().body() instanceof Attach attach
                    && attach.generationId().equals(play.id())) {
                attaches.add(sent);
            } else {
                sent.next();
            }
        });
        while (attaches.isEmpty()) {
            // It attaches over the bus if it is on another lane than the generation.
            double attached = service.metric("runnel_resume_attached_total");
            rig.post();
            await().until(() -> !attaches.isEmpty() || service.metric("runnel_resume_attached_total") > attached);
        }

        assertThat(rig.delete(play)).isEqualTo(204);
        attaches.forEach(DeliveryContext::next);

        assertThat(generator.accept().id()).isNotEqualTo(play.id());
    }
}
