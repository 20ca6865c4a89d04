package dev.runnel.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Delta;
import dev.runnel.message.Detach;
import dev.runnel.message.Finished;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.SentText;
import dev.runnel.message.SentTexts;
import dev.runnel.text.FailureCode;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Messages to the readers at another node are lost. */
class TextCopyGapTest extends TwoGuardians {

    /** The guardian's node says how far it has sent the text to the readers' inbox. */
    private void compare(Play play, long reader, long next) {
        var sent = new SentTexts(readers.inbox(), List.of(new SentText(play.id(), reader, next)));
        nodes.heard(new Heartbeat("self", 1, 1, "secret", 1, List.of(), List.of(), List.of(sent)));
    }

    /** The connection to the readers' node breaks: nothing of this kind arrives there. */
    private void lose(Vertx vertx, Class<?> kind) {
        vertx.eventBus().addOutboundInterceptor((DeliveryContext<Object> delivery) -> {
            boolean isLost = kind.isInstance(delivery.message().body())
                    && delivery.message().address().equals(readers.inbox());
            if (!isLost) {
                delivery.next();
            }
        });
    }

    @Test
    void lostEndIsNoticed(Vertx vertx) throws Exception {
        Play play = startGeneration();
        play.say("Once");
        await().until(() -> store.find(play.id(), "ada").orElseThrow().text().utf8Length() == 4);
        Attachment reader = attach(play);
        lose(vertx, Finished.class);
        play.finish();
        await().until(() -> store.find(play.id(), "ada").orElseThrow().outcome().isPresent());

        // One text, and the end.
        compare(play, 1, 3);

        assertThat(failure(reader)).isEqualTo(FailureCode.CLUSTER);
        assertThat(text(reader)).isEqualTo("Once");
    }

    @Test
    void lostTextSoFarIsNoticed(Vertx vertx) throws Exception {
        Play play = startGeneration();
        play.say("Once");
        await().until(() -> store.find(play.id(), "ada").orElseThrow().text().utf8Length() == 4);
        lose(vertx, Delta.class);
        Promise<Attachment> attaching = Promise.promise();
        there.compose(turn -> otherStore.findElsewhere(play.id(), "ada"))
                .compose(found -> other.attach(found.orElseThrow()))
                .onComplete(attaching);
        await().until(() -> store.readers() == 1);
        there.await(10, TimeUnit.SECONDS);

        await().until(() -> {
            compare(play, 1, 2);
            return attaching.future().isComplete();
        });

        assertThat(failure(attaching.future().await())).isEqualTo(FailureCode.CLUSTER);
    }

    @Test
    void numbersOfEarlierReadersAreNotCompared() throws Exception {
        Play play = startGeneration();
        Attachment first = attach(play);
        leave(first);
        Attachment second = attach(play);

        compare(play, 1, 9);
        compare(play, 2, 2);
        play.say("Once").finish();
        second.end().await(10, TimeUnit.SECONDS);

        assertThat(text(second)).isEqualTo("Once");
    }

    @Test
    void lostLeaveOfAReaderIsSentAgain(Vertx vertx) throws Exception {
        Play play = startGeneration();
        Attachment reader = attach(play);
        Set<Object> lost = ConcurrentHashMap.newKeySet();
        vertx.eventBus().addOutboundInterceptor((DeliveryContext<Object> delivery) -> {
            if (!(delivery.message().body() instanceof Detach) || !lost.add("first")) {
                delivery.next();
            }
        });

        leave(reader);

        await().until(() -> store.readers() == 0);
    }
}
