package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.BusFailures;
import dev.runnel.client.OtherNodes;
import dev.runnel.message.Ended;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.text.Usage;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The end of a generation whose consumer is on another node, which may not have it. */
@ExtendWith(VertxExtension.class)
class WithheldEndsTest {

    private static final String INBOX = "inbox";

    private static final Ended ENDED =
            new Ended("gen_1", "", "", "", "story", Usage.NONE, Ended.Outcome.STOP, null, 0, Ended.Durations.ZERO);

    private final List<Ended> published = new ArrayList<>();
    private final List<Ended> sent = new CopyOnWriteArrayList<>();
    private final AtomicInteger confirmed = new AtomicInteger();
    private Promise<Runnable> acknowledged = Promise.promise();
    private OtherNodes nodes;
    private WithheldEnds withheld;

    @BeforeEach
    void start(Vertx vertx) {
        MessageCodecs.register(vertx.eventBus());
        nodes = OtherNodes.install(vertx, "self", true, System::nanoTime);
        nodes.accept(true);
        withheld = new WithheldEnds(vertx);
        vertx.eventBus().<Ended>consumer(INBOX, message -> sent.add(message.body()));
    }

    private void add() {
        withheld.deliver(end());
    }

    private WithheldEnds.End end() {
        var place = new WithheldEnds.Place("other", INBOX);
        return new WithheldEnds.End(place, ENDED, published::add, () -> acknowledged.future());
    }

    private void acknowledge() {
        acknowledged.complete(confirmed::incrementAndGet);
    }

    @Test
    void endIsPublishedOnceWhenItsConsumerHasIt() {
        add();
        assertThat(published).isEmpty();

        acknowledge();
        withheld.left("other");

        assertThat(published).containsExactly(ENDED);
        assertThat(confirmed).hasValue(1);
    }

    @Test
    void endIsNoneIfItsConsumerGoesOnWithoutIt() {
        add();

        withheld.continued("gen_1", 0);
        acknowledge();
        withheld.left("other");

        assertThat(published).isEmpty();
    }

    @Test
    void endIsPublishedWhenItsConsumersNodeLeavesBeforeItHasIt() {
        add();

        withheld.left("other");
        acknowledge();

        assertThat(published).containsExactly(ENDED);
    }

    @Test
    void endIsPublishedIfItsConsumersInboxIsClosed() {
        add();

        acknowledged.fail(new ReplyException(ReplyFailure.NO_HANDLERS));

        await().untilAsserted(() -> assertThat(published).containsExactly(ENDED));
    }

    @Test
    void nodeThatHasLostAllOthersPublishesNoEndBecauseAnInboxIsNotRegistered() {
        add();

        acknowledged.fail(new ReplyException(ReplyFailure.NO_HANDLERS));
        nodes.accept(false);

        await().until(() -> withheld.size() == 0);
        assertThat(published).isEmpty();
    }

    @Test
    void endThatItsConsumerHasPublishedIsDropped() {
        add();

        acknowledged.fail(new ReplyException(ReplyFailure.RECIPIENT_FAILURE, BusFailures.DECIDED, "published"));
        withheld.left("other");

        assertThat(published).isEmpty();
    }

    @Test
    void nodeThatMayBeCutOffWaitsUntilItIsCertain() {
        add();
        nodes.certain(false);

        withheld.left("other");
        assertThat(published).isEmpty();
        nodes.certain(true);

        await().untilAsserted(() -> assertThat(published).containsExactly(ENDED));
    }

    @Test
    void consumerDecidesWhileThisNodeMayBeCutOff() {
        add();
        nodes.certain(false);
        withheld.left("other");

        withheld.continued("gen_1", 0);
        nodes.certain(true);
        withheld.left("other");

        assertThat(published).isEmpty();
    }

    @Test
    void consumerThatIsThereAfterAllGetsTheAccountThatIsPublishedWithoutIt() {
        add();

        withheld.left("other");

        await().untilAsserted(() -> assertThat(sent).containsExactly(ENDED));
    }

    @Test
    void endWithoutAnAnswerIsDecidedByItsConsumer() {
        add();

        acknowledged.fail(new ReplyException(ReplyFailure.TIMEOUT));
        assertThat(published).isEmpty();
        acknowledged = Promise.promise();
        withheld.consumerGone("gen_1", 0);
        acknowledge();

        assertThat(published).containsExactly(ENDED);
    }

    /** It may have left long ago, and have published an account since. */
    @Test
    void consumerThatHasLeftIsAskedBeforeTheEndIsPublished() {
        withheld.add(end());

        withheld.consumerGone("gen_1", 0);
        assertThat(published).isEmpty();
        acknowledge();

        assertThat(published).containsExactly(ENDED);
    }

    @Test
    void smallerPartOfAClusterPublishesNoEndThatItsConsumerMayNotHave() {
        add();
        nodes.accept(false);

        withheld.left("other");

        assertThat(published).isEmpty();
    }

    @Test
    void nodeThatComesBackAfterItHasLeftDecidesAgain() {
        withheld.left("other");
        withheld.back("other");

        add();
        assertThat(published).isEmpty();
        acknowledge();

        assertThat(published).containsExactly(ENDED);
    }
}
