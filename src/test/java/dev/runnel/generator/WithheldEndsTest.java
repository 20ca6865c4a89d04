package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The end of a generation whose consumer is on another node, which may not have it. */
@ExtendWith(VertxExtension.class)
class WithheldEndsTest {

    private static final Ended ENDED =
            new Ended("gen_1", "", "", "", "story", Usage.NONE, Ended.Outcome.STOP, null, 0, Ended.Durations.ZERO);

    private final List<Ended> published = new ArrayList<>();
    private final Promise<Void> acknowledged = Promise.promise();
    private OtherNodes nodes;
    private WithheldEnds withheld;

    @BeforeEach
    void start(Vertx vertx) {
        MessageCodecs.register(vertx.eventBus());
        nodes = OtherNodes.install(vertx, "self", true, System::nanoTime);
        nodes.accept(true);
        withheld = new WithheldEnds(vertx);
    }

    private void add() {
        withheld.add("other", ENDED, published::add, acknowledged.future());
    }

    @Test
    void endIsPublishedOnceWhenItsConsumerHasIt() {
        add();
        assertThat(published).isEmpty();

        acknowledged.complete();
        withheld.left("other");

        assertThat(published).containsExactly(ENDED);
    }

    @Test
    void endIsNoneIfItsConsumerGoesOnWithoutIt() {
        add();

        withheld.continued("gen_1", 0);
        acknowledged.complete();
        withheld.left("other");

        assertThat(published).isEmpty();
    }

    @Test
    void endIsPublishedWhenItsConsumersNodeLeavesBeforeItHasIt() {
        add();

        withheld.left("other");
        acknowledged.complete();

        assertThat(published).containsExactly(ENDED);
    }

    @Test
    void endIsPublishedIfItsConsumersInboxIsClosed() {
        add();

        acknowledged.fail(new ReplyException(ReplyFailure.NO_HANDLERS));

        assertThat(published).containsExactly(ENDED);
    }

    @Test
    void endWithoutAnAnswerIsDecidedByItsConsumer() {
        add();

        acknowledged.fail(new ReplyException(ReplyFailure.TIMEOUT));
        assertThat(published).isEmpty();
        withheld.consumerGone("gen_1", 0);

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
        acknowledged.complete();

        assertThat(published).containsExactly(ENDED);
    }
}
