package dev.runnel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.auth.Revocations;
import dev.runnel.client.Inbox;
import dev.runnel.client.OpenWrites;
import dev.runnel.client.OtherNodes;
import dev.runnel.message.Addresses;
import dev.runnel.message.Delta;
import dev.runnel.message.Heard;
import dev.runnel.message.Heard.Verdict;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.SentText;
import dev.runnel.message.SentTexts;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.metric.ClusterMeters;
import dev.runnel.text.EscapedText;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Heartbeats say how far texts were sent. The test plays the other member. */
@ExtendWith(VertxExtension.class)
class SentHeartbeatsTest {

    private static final String SECRET = "fingerprint";

    private Vertx vertx;
    private OtherNodes nodes;

    @BeforeEach
    void install(Vertx vertx) {
        this.vertx = vertx;
        MessageCodecs.register(vertx.eventBus());
        nodes = OtherNodes.install(vertx, "self", true, () -> 0);
    }

    private void start() throws Exception {
        Map<String, String> members = Map.of("self", "127.0.0.1:1", "b", "127.0.0.1:2");
        var heartbeats = new Heartbeats(
                new Members(() -> members, onChange -> {}, () -> false),
                nodes,
                new NodeFacts(
                        SECRET,
                        List::of,
                        List::of,
                        new Revocations(),
                        Duration.ofDays(1),
                        new ClusterMeters(new SimpleMeterRegistry())),
                new ListedMembers(1, 1),
                () -> 0);
        vertx.deployVerticle(heartbeats).await(5, TimeUnit.SECONDS);
        heartbeats.ready().await(5, TimeUnit.SECONDS);
    }

    @Test
    void heartbeatsSayHowFarTextsWereSentUntilOneIsAnswered() throws Exception {
        List<Heartbeat> beats = new CopyOnWriteArrayList<>();
        AtomicBoolean answers = new AtomicBoolean(true);
        vertx.eventBus()
                .<Heartbeat>consumer(Addresses.node("b"), message -> {
                    beats.add(message.body());
                    if (answers.get()) {
                        message.reply(new Heard("b", Verdict.ACCEPTED));
                    }
                })
                .completion()
                .await(5, TimeUnit.SECONDS);
        start();
        SentTexts sent = new SentTexts("runnel.inbox.b", List.of(new SentText("gen_1", 0, 1)));
        answers.set(false);
        send("runnel.inbox.b");

        await().until(() -> count(beats, sent) >= 2);
        answers.set(true);
        await().until(() -> beats.get(beats.size() - 1).sent().isEmpty());

        assertThat(count(beats, sent)).isGreaterThanOrEqualTo(2);
    }

    private static long count(List<Heartbeat> beats, SentTexts sent) {
        return beats.stream().filter(beat -> beat.sent().equals(List.of(sent))).count();
    }

    /** A generator sends a text, and rests. */
    private void send(String address) throws Exception {
        ((ContextInternal) vertx.getOrCreateContext())
                .succeededFuture()
                .andThen(turn -> {
                    Inbox inbox = Inbox.at(vertx, address, Optional.of(new OpenWrites(nodes)));
                    inbox.compareAt("b", new SentText("gen_1", 0, 0));
                    inbox.send(new Delta("gen_1", 0, EscapedText.of("x"), 1));
                })
                .await(5, TimeUnit.SECONDS);
    }

    @Test
    void numbersOfAnotherNodeReachThoseThatListen() throws Exception {
        vertx.eventBus()
                .<Heartbeat>consumer(Addresses.node("b"), message -> message.reply(new Heard("b", Verdict.ACCEPTED)))
                .completion()
                .await(5, TimeUnit.SECONDS);
        start();
        List<SentTexts> heard = new CopyOnWriteArrayList<>();
        nodes.listen(new OtherNodes.Listener() {

            @Override
            public void gone(String node, Set<String> generators) {}

            @Override
            public void consumersGone(String node, OtherNodes.Absence absence) {}

            @Override
            public void sent(List<SentTexts> texts) {
                heard.addAll(texts);
            }
        });
        SentTexts sent = new SentTexts("runnel.inbox.1", List.of(new SentText("gen_1", 0, 1)));

        vertx.eventBus()
                .request(
                        Addresses.node("self"),
                        new Heartbeat("b", 1, 1, SECRET, 1, List.of(), List.of(), List.of(sent)))
                .await(5, TimeUnit.SECONDS);

        assertThat(heard).containsExactly(sent);
    }
}
