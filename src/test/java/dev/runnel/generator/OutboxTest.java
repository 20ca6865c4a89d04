package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.OpenWrites;
import dev.runnel.client.OtherNodes;
import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.Origin;
import dev.runnel.message.Part;
import dev.runnel.message.Submit;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.text.EscapedText;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import dev.runnel.text.Sampling;
import dev.runnel.text.TokenIds;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages to a node whose connection accepts none: the bus holds them, and their writes stay open. */
@ExtendWith(VertxExtension.class)
class OutboxTest {

    private static final String INBOX = "runnel.inbox.slow";
    private static final int PIECE_BYTES = 100_000;
    /** So many pieces are under way when the inbox is full. */
    private static final int PIECES = 3;

    private final List<InboxMessage> inbox = new CopyOnWriteArrayList<>();
    private final List<DeliveryContext<Object>> held = new ArrayList<>();
    private boolean isHolding = true;
    private Future<Void> loop;
    private OtherNodes nodes;
    private OpenWrites writes;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        loop = ((ContextInternal) vertx.getOrCreateContext()).succeededFuture();
        MessageCodecs.register(vertx.eventBus());
        nodes = OtherNodes.install(vertx, "self", true, System::nanoTime);
        writes = new OpenWrites(nodes);
        vertx.eventBus().addOutboundInterceptor((DeliveryContext<Object> delivery) -> {
            if (isHolding && delivery.message().address().equals(INBOX)) {
                held.add(delivery);
            } else {
                delivery.next();
            }
        });
        for (String address : List.of(INBOX, "runnel.inbox.quick")) {
            vertx.eventBus()
                    .<InboxMessage>consumer(address, message -> inbox.add(message.body()))
                    .completion()
                    .await(5, TimeUnit.SECONDS);
        }
    }

    private Outbox outbox(Vertx vertx, String id, String address) throws Exception {
        return loop.map(turn -> new Outbox(
                        vertx.getOrCreateContext(),
                        new Outbox.Run(id, 0, 0),
                        recipient(vertx, id, address),
                        Optional.empty()))
                .await(5, TimeUnit.SECONDS);
    }

    private Recipient recipient(Vertx vertx, String id, String address) {
        var submit = new Submit("", List.of(Turn.user("x")), Sampling.UNSET, 9, false, "", Origin.NO_KEY, address);
        var shared = new Recipient.Shared(Optional.empty(), Optional.of(writes));
        return new Recipient(vertx, id, submit, shared, ending -> {});
    }

    private void run(Runnable action) throws Exception {
        loop.andThen(turn -> action.run()).await(5, TimeUnit.SECONDS);
    }

    private static void say(Outbox outbox, String text) {
        outbox.send(EscapedText.of(text), 1, TokenIds.NONE);
    }

    /** An outbox after which the inbox is full, and two words. */
    private Outbox full(Vertx vertx) throws Exception {
        Outbox outbox = outbox(vertx, "gen_1", INBOX);
        run(() -> {
            for (int i = 0; i < PIECES; i++) {
                say(outbox, "x".repeat(PIECE_BYTES));
            }
            say(outbox, "a");
            outbox.send(EscapedText.EMPTY, 1, TokenIds.NONE);
            say(outbox, "b");
        });
        assertThat(held).hasSize(PIECES);
        return outbox;
    }

    /** In their order: what is sent meanwhile follows. */
    private void release() throws Exception {
        run(() -> {
            while (!held.isEmpty()) {
                held.remove(0).next();
            }
            isHolding = false;
        });
    }

    private void awaitMessages(int count) {
        await().untilAsserted(() -> assertThat(inbox).hasSize(count));
    }

    @Test
    void textThatWaitsFollowsAsOneMessage(Vertx vertx) throws Exception {
        full(vertx);
        assertThat(nodes.messagesUnderWay()).isEqualTo(PIECES);
        assertThat(nodes.bytesUnderWay()).isBetween(300_000L, 301_000L);

        release();

        awaitMessages(PIECES + 1);
        assertThat(inbox.get(PIECES)).isEqualTo(new Delta("gen_1", PIECES, EscapedText.of("ab"), 3, 0, TokenIds.NONE));
        await().untilAsserted(() -> assertThat(nodes.messagesUnderWay()).isZero());
        assertThat(nodes.bytesUnderWay()).isZero();
    }

    @Test
    void endIsSentWithTheTextThatWaits(Vertx vertx) throws Exception {
        Outbox outbox = full(vertx);

        run(() -> {
            outbox.sendEnd(new Ending.Done(FinishReason.STOP), Usage.NONE);
            outbox.close();
        });

        assertThat(held).hasSize(PIECES + 2);
        release();
        awaitMessages(PIECES + 2);
        assertThat(inbox.get(PIECES + 1)).isEqualTo(new Finished("gen_1", 4, FinishReason.STOP, Usage.NONE, 0));
    }

    @Test
    void partFollowsTheTextThatWaits(Vertx vertx) throws Exception {
        Outbox outbox = full(vertx);

        run(() -> outbox.send(PartKind.TOOL_CALLS, "[]", 1));

        release();
        awaitMessages(PIECES + 2);
        assertThat(inbox.get(PIECES)).isInstanceOf(Delta.class);
        assertThat(inbox.get(PIECES + 1)).isEqualTo(new Part("gen_1", 4, PartKind.TOOL_CALLS, "[]", 1, 0));
    }

    @Test
    void textThatWaitsIsDroppedWhereTheConsumerHasGoneOn(Vertx vertx) throws Exception {
        Outbox outbox = full(vertx);
        Outbox later = outbox(vertx, "gen_2", INBOX);

        run(() -> {
            outbox.sendEnd(new Ending.Continued(), Usage.NONE);
            outbox.close();
        });
        release();
        run(() -> say(later, "c"));

        awaitMessages(PIECES + 1);
        assertThat(inbox.get(PIECES).generationId()).isEqualTo("gen_2");
    }

    @Test
    void generationsOfOneInboxShareItsBoundAndThoseOfAnotherDoNot(Vertx vertx) throws Exception {
        full(vertx);
        Outbox second = outbox(vertx, "gen_2", INBOX);
        Outbox quick = outbox(vertx, "gen_3", "runnel.inbox.quick");

        run(() -> {
            say(second, "c");
            say(quick, "d");
        });

        awaitMessages(1);
        assertThat(inbox.get(0).generationId()).isEqualTo("gen_3");
        assertThat(held).hasSize(PIECES);
        release();
        awaitMessages(PIECES + 3);
        assertThat(inbox).extracting(InboxMessage::generationId).contains("gen_2");
    }
}
