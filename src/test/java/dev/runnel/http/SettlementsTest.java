package dev.runnel.http;

import static dev.runnel.message.Ended.Durations.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.ClientGeneration;
import dev.runnel.client.GenerationClient;
import dev.runnel.client.GenerationRequest;
import dev.runnel.config.Allowance;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.limit.Demand;
import dev.runnel.limit.LimitDecision;
import dev.runnel.limit.Permit;
import dev.runnel.message.Addresses;
import dev.runnel.message.Ended;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a generation's caller is charged, and how much. */
class SettlementsTest {

    private static final Allowance HUNDRED = new Allowance(
            OptionalInt.empty(), OptionalInt.of(100), OptionalInt.of(5), OptionalInt.empty(), Optional.empty());
    private static final Demand FORTY = new Demand(40, 30);
    private static final Duration AT_ONCE = Duration.ofMillis(20);
    private static final Duration NEVER = Duration.ofHours(1);

    @AutoClose
    private TestService service;

    private PlayedGenerator generator;
    /** It is complete: what is composed with it runs on the event loop. */
    private Future<Void> loop;

    private GenerationClient client;

    @BeforeEach
    void start() throws Exception {
        service = TestService.start();
        generator = new PlayedGenerator(service.vertx()).start();
        loop = ((ContextInternal) service.vertx().getOrCreateContext()).succeededFuture();
        client = client(NEVER);
    }

    private GenerationClient client(Duration patience) throws Exception {
        return loop.compose(turn -> GenerationClient.create(service.vertx(), patience))
                .await(5, TimeUnit.SECONDS);
    }

    private Play follow(GenerationClient client) throws Exception {
        var settlements = new Settlements(service.access().meters());
        Future<ClientGeneration> submitted = loop.compose(turn -> client.submit(GenerationRequest.of("x")))
                .onSuccess(generation -> {
                    generation.deltas().handler(delta -> {});
                    settlements.follow(generation, permit(), FORTY);
                });
        Play play = generator.accept();
        submitted.await(5, TimeUnit.SECONDS);
        return play;
    }

    private Permit permit() {
        LimitDecision decision = service.limiter().admit("k", HUNDRED, FORTY).result();
        return ((LimitDecision.Admitted) decision).permit();
    }

    private int remaining() {
        return service.limiter()
                .state("k", HUNDRED)
                .result()
                .tokens()
                .orElseThrow()
                .remaining();
    }

    @Test
    void finishedIsChargedAsItSays() throws Exception {
        Play play = follow(client);
        assertThat(remaining()).isEqualTo(60);

        play.finish(FinishReason.LENGTH, new Usage(2, 3, false));

        await().until(() -> service.limiter().running() == 0);
        assertThat(remaining()).isEqualTo(95);
    }

    @Test
    void failedIsChargedAsItsAccountSays() throws Exception {
        Play play = follow(client);

        play.say("a").fail(Failure.of(FailureCode.ENGINE_FAILED, "it broke"));
        play.account(new Usage(2, 1, false));

        await().until(() -> service.limiter().running() == 0);
        assertThat(remaining()).isEqualTo(97);
    }

    @Test
    void accountThatNeverComesIsChargedAsReserved() throws Exception {
        Play play = follow(client(AT_ONCE));

        play.fail(Failure.of(FailureCode.LOST, "lost"));

        await().until(() -> service.limiter().running() == 0);
        assertThat(remaining()).isEqualTo(60);
        assertThat(service.metric("runnel_limit_unaccounted_total")).isEqualTo(1);
    }

    @Test
    void accountThatComesTooLateChangesNothing() throws Exception {
        Play play = follow(client(AT_ONCE));
        play.fail(Failure.of(FailureCode.LOST, "lost"));
        await().until(() -> service.limiter().running() == 0);

        play.account(new Usage(0, 1, false));
        Play next = follow(client);
        next.finish(FinishReason.STOP, Usage.NONE);
        await().until(() -> service.limiter().running() == 0);

        assertThat(remaining()).isEqualTo(60);
    }

    @Test
    void runningGenerationIsNotGivenUp() throws Exception {
        GenerationClient impatient = client(AT_ONCE);
        Play play = follow(impatient);
        Play ends = follow(impatient);

        ends.fail(Failure.of(FailureCode.LOST, "lost"));
        await().until(() -> service.limiter().running() == 1);

        play.finish(FinishReason.STOP, new Usage(1, 1, false));
        await().until(() -> service.limiter().running() == 0);
        assertThat(remaining()).isEqualTo(58);
    }

    @Test
    void publishedAccountsHaveNoConsumer() {
        var account = new Ended("gen_x", "", "", "", "m", Usage.NONE, Ended.Outcome.FAILED, null, 0, ZERO);

        Future<Message<Object>> answer = service.vertx().eventBus().request(Addresses.ENDED, account);

        assertThatThrownBy(() -> answer.await(5, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        refused -> assertThat(refused.failureType()).isEqualTo(ReplyFailure.NO_HANDLERS));
    }

    @Test
    void stoppingSettlesTheRest() throws Exception {
        follow(client);
        follow(client);

        loop.compose(turn -> client.close()).await(5, TimeUnit.SECONDS);

        assertThat(service.limiter().running()).isZero();
        assertThat(remaining()).isEqualTo(20);
        assertThat(service.metric("runnel_limit_unaccounted_total")).isEqualTo(2);
    }
}
