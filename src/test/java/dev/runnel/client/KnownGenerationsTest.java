package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.Ended;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Usage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.RunTestOnContext;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(VertxExtension.class)
class KnownGenerationsTest {

    @RegisterExtension
    final RunTestOnContext runOnContext = new RunTestOnContext();

    private static KnownGenerations known(Duration patience) {
        return new KnownGenerations(Vertx.currentContext(), patience);
    }

    @Test
    void oldestWithoutItsAccountIsForgottenOverTheBound() {
        var known = known(Duration.ofMinutes(1));
        List<ClientGeneration> generations = new ArrayList<>();

        for (int i = 0; i <= KnownGenerations.MAX_UNSETTLED; i++) {
            generations.add(ended(known, "gen_" + i));
        }

        assertThat(known.unsettled()).isEqualTo(KnownGenerations.MAX_UNSETTLED);
        assertThat(generations.get(0).settled().cause()).isInstanceOf(GenerationException.class);
        assertThat(known.find("gen_0")).isNull();
        assertThat(known.find("gen_1")).isSameAs(generations.get(1));
        assertThat(generations.get(1).settled().isComplete()).isFalse();
    }

    @Test
    void nothingIsKeptOnceTheAccountHasCome() {
        var known = known(Duration.ofMinutes(1));

        ended(known, "gen_1").receive(account("gen_1"));

        assertThat(known.unsettled()).isZero();
        assertThat(known.find("gen_1")).isNull();
        known.forEachKnown(generation -> assertThat(generation).isNull());
    }

    @Test
    void everyRoundOfThePatienceIsFollowedByAnother(VertxTestContext test) {
        var known = known(Duration.ofMillis(1));
        Future<Ended> rounds = Future.succeededFuture();
        for (int i = 0; i < 3; i++) {
            String id = "gen_" + i;
            rounds = rounds.compose(next -> ended(known, id).settled().otherwiseEmpty())
                    .onSuccess(forgotten ->
                            test.verify(() -> assertThat(known.find(id)).isNull()));
        }
        rounds.onComplete(test.succeedingThenComplete());
    }

    private static ClientGeneration ended(KnownGenerations known, String id) {
        var generation = new ClientGeneration(
                id, new DeltaStream(Vertx.currentContext()), cancel -> {}, null, new Settling.Listener() {

                    @Override
                    public void ended() {
                        known.ended(id);
                    }

                    @Override
                    public void settled() {
                        known.settled(id);
                    }

                    @Override
                    public void publish(Ended ended) {
                        throw new AssertionError("without a guard, the generator publishes it");
                    }
                });
        known.add(generation);
        generation.cancel();
        return generation;
    }

    private static Ended account(String id) {
        return new Ended(id, "", "", "", "m", Usage.NONE, Ended.Outcome.CANCELLED, null, 0, Ended.Durations.ZERO);
    }
}
