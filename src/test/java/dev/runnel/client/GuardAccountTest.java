package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.runnel.message.Ended;
import dev.runnel.message.Part;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.PartKind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A generation has one account, also if its generator is gone before it has sent it. */
@ExtendWith(VertxExtension.class)
class GuardAccountTest {

    private GuardRig rig;

    private void start(Vertx vertx, Duration patience) throws Exception {
        rig = new GuardRig(vertx, patience);
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
    }

    private void start(Vertx vertx) throws Exception {
        start(vertx, Duration.ofMinutes(1));
    }

    private void assertPublished(Ended.Outcome outcome) throws Exception {
        assertThat(rig.account().outcome()).isEqualTo(outcome);
        await().untilAsserted(() -> assertThat(rig.published).containsExactly(rig.account()));
    }

    @Test
    void consumerLeavesWhileTheGeneratorIsFrozen(Vertx vertx) throws Exception {
        start(vertx);
        rig.run(rig.generation::cancel);

        rig.a.gone();

        assertPublished(Ended.Outcome.CANCELLED);
        assertThat(rig.account().usage().completionTokens()).isEqualTo(1);
        assertThat(rig.b.waiting()).isZero();
    }

    @Test
    void generatorDiesBetweenEndAndAccount(Vertx vertx) throws Exception {
        start(vertx);
        rig.first.finish(1);
        rig.end();

        rig.a.gone();

        assertPublished(Ended.Outcome.STOP);
        assertThat(rig.account().usage()).isEqualTo(PlayedNode.USAGE);
    }

    @Test
    void generatorDiesAfterAFailure(Vertx vertx) throws Exception {
        start(vertx);
        rig.first.fail(1, Failure.of(FailureCode.NEXT_TOKEN_TIMEOUT, "too slow"));
        assertThat(rig.failure()).isEqualTo(FailureCode.NEXT_TOKEN_TIMEOUT);

        rig.a.gone();

        assertPublished(Ended.Outcome.TIMED_OUT);
        assertThat(rig.account().failure()).isEqualTo(FailureCode.NEXT_TOKEN_TIMEOUT);
    }

    @Test
    void accountDoesNotComeInTime(Vertx vertx) throws Exception {
        start(vertx, Duration.ofMillis(20));

        rig.first.finish(1);

        assertPublished(Ended.Outcome.STOP);
    }

    @Test
    void accountThatHasComeIsNotPublishedAgain(Vertx vertx) throws Exception {
        start(vertx);
        rig.first.finish(1);
        rig.first.account();
        rig.account();

        rig.a.gone();
        rig.run(() -> {});

        assertThat(rig.published).isEmpty();
    }

    @Test
    void endThatTheConsumerHasPublishedIsRefused(Vertx vertx) throws Exception {
        start(vertx);
        rig.first.finish(1);
        rig.end();
        rig.a.gone();
        assertPublished(Ended.Outcome.STOP);

        Throwable refusal = catchThrowable(rig.first::deliverAccount);

        assertThat(BusFailures.isDecided(refusal)).isTrue();
        assertThat(rig.published).hasSize(1);
    }

    @Test
    void generatorDiesBetweenTheAcknowledgementAndItsPublication(Vertx vertx) throws Exception {
        start(vertx);
        rig.first.finish(1);
        rig.first.deliverAccount();
        rig.account();
        assertThat(rig.published).isEmpty();

        rig.nodes.left("a");

        await().untilAsserted(() -> assertThat(rig.published).containsExactly(rig.first.ended()));
    }

    @Test
    void readerThatThrowsDoesNotKeepOthersFromTheirEnds(Vertx vertx) throws Exception {
        rig = new GuardRig(vertx);
        Future<ClientGeneration> one = rig.submit();
        PlayedNode.Run first = rig.a.accept();
        Future<ClientGeneration> other = rig.submit();
        PlayedNode.Run second = rig.a.accept();
        List<ClientGeneration> both = List.of(one.await(20, TimeUnit.SECONDS), other.await(20, TimeUnit.SECONDS));
        rig.run(() -> both.forEach(generation -> generation.deltas().exceptionHandler(end -> {
            throw new IllegalStateException("a reader's fault");
        })));
        for (PlayedNode.Run run : List.of(first, second)) {
            run.send(new Part(run.id(), 0, PartKind.REASONING_CONTENT, "\"why\"", 1));
            run.say(1, "x");
        }
        rig.awaitText("xx");

        rig.a.gone();

        for (ClientGeneration generation : both) {
            await().until(() -> generation.end().failed());
        }
        await().untilAsserted(() -> assertThat(rig.published).hasSize(2));
    }
}
