package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.OtherNodes;
import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.message.Origin;
import dev.runnel.message.Placement;
import dev.runnel.message.SentText;
import dev.runnel.message.SentTexts;
import dev.runnel.message.Submit;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.eventbus.Message;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of a generation is lost with the connection to the consumer's node, or the consumer does not accept it. */
class LostEndTest {

    private static final String INBOX = "runnel.inbox.other";

    private final List<Object> inbox = new CopyOnWriteArrayList<>();
    /** What the consumer does when it is asked. */
    private volatile Consumer<Message<Object>> answer = message -> message.reply(null);

    private GeneratorRig rig;
    private OtherNodes nodes;

    @BeforeEach
    void start() throws Exception {
        rig = GeneratorRig.with()
                .model("slow", Map.of("interval", "20ms", "repeat", true, "sequences", 2))
                .inCluster(vertx -> nodes = OtherNodes.install(vertx, "self", true, () -> 0))
                .start();
        nodes.accept(true);
        rig.vertx().eventBus().consumer(INBOX, this::receive).completion().await();
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private void receive(Message<Object> message) {
        inbox.add(message.body());
        if (message.replyAddress() != null) {
            answer.accept(message);
        }
    }

    /** A generation that has sent text. */
    private String start(String prompt) throws Exception {
        var submit = new Submit("", List.of(Turn.user(prompt)), Sampling.UNSET, 1000, false, "", Origin.NO_KEY, INBOX)
                .withPlacement(new Placement("other", 0));
        Accepted accepted = (Accepted) rig.vertx()
                .eventBus()
                .request(Addresses.GENERATIONS, submit)
                .await(10, TimeUnit.SECONDS)
                .body();
        String id = accepted.generationId();
        await().until(() -> inbox.stream()
                .anyMatch(message ->
                        message instanceof Delta delta && delta.generationId().equals(id)));
        return id;
    }

    private void cancel(String id, Cancel.Cause cause) {
        rig.vertx().eventBus().send(Addresses.GENERATIONS, new Cancel(id, cause));
    }

    @Test
    void endWithoutAnAnswerIsSentAgain() throws Exception {
        answer = lost -> answer = message -> message.reply(null);
        String id = start("x");

        cancel(id, Cancel.Cause.DELETED);

        assertThat(rig.ended().generationId()).isEqualTo(id);
        assertThat(inbox)
                .filteredOn(message -> !(message instanceof Delta))
                .map(message -> message.getClass().getSimpleName())
                .containsExactly("Finished", "Ended", "Finished", "Ended");
    }

    @Test
    void endThatTheConsumerDoesNotAcceptIsNotPublished() throws Exception {
        String refused = start("x");
        answer = message -> {
            message.fail(1, "the generation goes on");
            answer = next -> next.reply(null);
        };
        cancel(refused, Cancel.Cause.DELETED);
        await().until(() -> rig.queue("slow").running() == 0);

        // Ends are published in their order.
        String later = start("y");
        cancel(later, Cancel.Cause.DELETED);

        assertThat(rig.ended().generationId()).isEqualTo(later);
        assertThat(rig.nothingElseEnded()).isTrue();
    }

    @Test
    void heartbeatsToTheConsumersNodeNameTheEnd() throws Exception {
        String id = start("x");
        cancel(id, Cancel.Cause.DELETED);
        rig.ended();

        nodes.sent().due("other");

        long next = inbox.stream()
                .filter(Finished.class::isInstance)
                .mapToLong(end -> ((Finished) end).sequence() + 1)
                .findFirst()
                .orElseThrow();
        assertThat(nodes.sent().due("other").texts())
                .containsExactly(new SentTexts(INBOX, List.of(new SentText(id, 0, next))));
    }
}
