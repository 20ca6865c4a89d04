package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.OtherNodes;
import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.ModelPlaces;
import dev.runnel.message.Origin;
import dev.runnel.message.Placement;
import dev.runnel.message.Submit;
import dev.runnel.text.FailureCode;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.eventbus.Message;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A generator of a node in a cluster, whose consumer is on another node. */
class GeneratorOfANodeTest {

    private static final String INBOX = "runnel.inbox.other";

    private final AtomicLong nanos = new AtomicLong();
    private final List<Object> inbox = new CopyOnWriteArrayList<>();
    private GeneratorRig rig;
    private OtherNodes nodes;

    @BeforeEach
    void start() throws Exception {
        rig = GeneratorRig.with()
                .model("slow", Map.of("interval", "20ms", "repeat", true, "sequences", 2))
                .inCluster(vertx -> nodes = OtherNodes.install(vertx, "self", true, nanos::get))
                .start();
        rig.vertx()
                .eventBus()
                .consumer(INBOX, message -> inbox.add(message.body()))
                .completion()
                .await();
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private Object submit(long answerByMillis) throws Exception {
        var submit = new Submit(
                "",
                List.of(Turn.user("x")),
                Sampling.UNSET,
                1000,
                false,
                "",
                Origin.NO_KEY,
                INBOX,
                new Placement("other", answerByMillis));
        return rig.vertx()
                .eventBus()
                .request(Addresses.GENERATIONS, submit)
                .map(Message::body)
                .await(10, TimeUnit.SECONDS);
    }

    @Test
    void requestThatIsReadTooLateIsNotRun() throws Exception {
        nanos.set(TimeUnit.SECONDS.toNanos(10));

        Object late = submit(9_999);
        Object inTime = submit(10_500);

        assertThat(late)
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.failure().code()).isEqualTo(FailureCode.LOST));
        assertThat(inTime).isInstanceOf(Accepted.class);
    }

    @Test
    void generationWhoseConsumersNodeIsGoneEnds() throws Exception {
        Accepted accepted = (Accepted) submit(0);
        await().until(() -> inbox.stream().anyMatch(Delta.class::isInstance));
        nodes.consumersGone("another");

        nodes.consumersGone("other");

        Ended ended = rig.ended();
        assertThat(ended.generationId()).isEqualTo(accepted.generationId());
        assertThat(ended.failure()).isEqualTo(FailureCode.LOST);
        await().until(() -> rig.queue("slow").running() == 0);
    }

    @Test
    void placesShowWhatIsFreeAndWhatWaits() throws Exception {
        assertThat(rig.models().places()).containsExactly(new ModelPlaces("slow", true, 2));
        submit(0);
        assertThat(rig.models().places()).containsExactly(new ModelPlaces("slow", true, 1));
        submit(0);
        submit(0);
        assertThat(rig.models().places()).containsExactly(new ModelPlaces("slow", true, -1));

        rig.models().drain();

        assertThat(rig.models().places()).isEmpty();
    }
}
