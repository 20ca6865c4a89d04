package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.message.Ended;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.text.Usage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The consumer has the end of a generation on another node, and the generator is about to publish it. */
@ExtendWith(VertxExtension.class)
class AcknowledgedEndsTest {

    private static final String INBOX = "inbox";

    private final List<Ended> published = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private Future<Void> loop;
    private OtherNodes nodes;
    private AcknowledgedEnds ends;

    @BeforeEach
    void start(Vertx its) throws Exception {
        vertx = its;
        MessageCodecs.register(vertx.eventBus());
        nodes = OtherNodes.install(vertx, "self", true, System::nanoTime);
        nodes.accept(true);
        ends = new AcknowledgedEnds(vertx, nodes, published::add);
        loop = ((ContextInternal) vertx.getOrCreateContext()).succeededFuture();
        loop.compose(turn -> vertx.eventBus()
                        .<Object>consumer(INBOX, message -> ends.acknowledge(message, (Ended) message.body(), "other"))
                        .completion())
                .await(20, TimeUnit.SECONDS);
    }

    private static Ended ended(int number) {
        Ended.Durations none = Ended.Durations.ZERO;
        return new Ended("gen_" + number, "", "", "", "story", Usage.NONE, Ended.Outcome.STOP, null, 0, none);
    }

    private Message<Object> deliver(int number) throws Exception {
        return vertx.eventBus().request(INBOX, ended(number)).await(20, TimeUnit.SECONDS);
    }

    private void died() throws Exception {
        loop.andThen(turn -> ends.died("other")).await(20, TimeUnit.SECONDS);
    }

    private int size() throws Exception {
        return loop.map(turn -> ends.size()).await(20, TimeUnit.SECONDS);
    }

    @Test
    void endIsPublishedIfTheProcessOfItsGeneratorEndsBeforeItConfirms() throws Exception {
        deliver(1);

        died();

        await().untilAsserted(() -> assertThat(published).containsExactly(ended(1)));
        assertThat(size()).isZero();
    }

    @Test
    void confirmedEndIsNotPublishedAgain() throws Exception {
        deliver(1).reply(null);

        await().until(() -> size() == 0);
        assertThat(published).isEmpty();
    }

    @Test
    void confirmationThatWasUnderWayWhenTheProcessEndedCounts() throws Exception {
        Message<Object> answer = deliver(1);

        died();
        answer.reply(null);

        await().until(() -> size() == 0);
        assertThat(published).isEmpty();
    }

    @Test
    void endThatComesAfterTheEndOfItsProcessIsPublished() throws Exception {
        died();

        deliver(1);

        await().untilAsserted(() -> assertThat(published).containsExactly(ended(1)));
    }

    @Test
    void nodeThatHasLostAllOthersPublishesNothing() throws Exception {
        deliver(1);

        died();
        nodes.accept(false);

        await().until(() -> size() == 0);
        assertThat(published).isEmpty();
    }

    @Test
    void unconfirmedEndsAreBounded() throws Exception {
        for (int i = 0; i < AcknowledgedEnds.MAX + 5; i++) {
            vertx.eventBus().request(INBOX, ended(i));
        }

        await().until(() -> size() == AcknowledgedEnds.MAX);
    }

    @Test
    void onlyANodeThatWasHeardUntilItLeftHasDied() {
        List<String> died = new ArrayList<>();
        nodes.listen(new OtherNodes.Listener() {

            @Override
            public void gone(String node, Set<String> generators) {
                // Not looked at.
            }

            @Override
            public void consumersGone(String node, OtherNodes.Absence absence) {
                // Not looked at.
            }

            @Override
            public void died(String node) {
                died.add(node);
            }
        });
        for (String node : List.of("frozen", "back", "killed")) {
            nodes.heard(new Heartbeat(node, 1, 1, "secret", 1, List.of(), List.of()));
        }
        nodes.consumersGone("frozen");
        nodes.consumersGone("back");
        nodes.heard(new Heartbeat("back", 1, 1, "secret", 2, List.of(), List.of()));

        List.of("frozen", "back", "killed").forEach(nodes::left);

        assertThat(died).containsExactly("back", "killed");
    }
}
