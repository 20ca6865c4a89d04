package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.OtherNodes;
import dev.runnel.config.ResumeConfig;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Adopt;
import dev.runnel.message.Cancel;
import dev.runnel.message.Origin;
import dev.runnel.message.Placement;
import dev.runnel.message.Status;
import dev.runnel.message.Submit;
import dev.runnel.metric.CopyMeters;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A generator has lost the guardian of a generation, and may be the one that is cut off. */
class LostGuardianTest {

    private static final String INBOX = "runnel.inbox.guardian";

    private OtherNodes nodes;
    private GeneratorRig rig;
    private Accepted accepted;

    @BeforeEach
    void start() throws Exception {
        var registry = new SimpleMeterRegistry();
        var memory = new HeldBytes(
                new MemoryBounds(1 << 20, 1 << 20), new MemoryMeters(registry, EnumSet.allOf(HeldBytes.Bound.class)));
        var config = new ResumeConfig(Duration.ofHours(1), Duration.ofHours(1), 1 << 20, 10, 2);
        rig = GeneratorRig.with()
                .model("slow", Map.of("interval", "10ms", "repeat", true, "sequences", 4))
                .keeping(new KeptRuns(config, memory, new CopyMeters(registry), forgotten -> {}))
                .inCluster(vertx -> nodes = OtherNodes.install(vertx, "self", true, System::nanoTime))
                .start();
        nodes.accept(true);
        rig.vertx().eventBus().consumer(INBOX, this::receive).completion().await(10, TimeUnit.SECONDS);
        var origin = new Origin("ada", "key", "", null, "runnel\tada", 1);
        var submit = new Submit("", List.of(Turn.user("x")), Sampling.UNSET, 4000, false, "", origin, INBOX);
        accepted = (Accepted) request(
                Addresses.GENERATIONS,
                submit.withPlacement(new Placement("other", 0)).resumable());
        nodes.left("other");
        // It answers after it has learned that the node has left.
        var foreign = new Adopt(accepted.generationId(), "another owner", INBOX, "next", "");
        assertThat(request(accepted.generator(), foreign)).isEqualTo(Status.unknown(accepted.generationId()));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private void receive(Message<Object> message) {
        if (message.replyAddress() != null) {
            message.reply(null);
        }
    }

    private Object request(String address, Object message) throws Exception {
        return rig.vertx()
                .eventBus()
                .request(address, message)
                .map(Message::body)
                .await(10, TimeUnit.SECONDS);
    }

    private void cancel(Cancel.Cause cause) {
        rig.vertx().eventBus().send(accepted.generator(), new Cancel(accepted.generationId(), cause));
    }

    private void endUnpublished() {
        cancel(Cancel.Cause.DELETED);
        await().until(() -> rig.queue("slow").running() == 0);
        assertThat(rig.nothingElseEnded()).isTrue();
    }

    @Test
    void largerPartPublishesTheEnd() throws Exception {
        cancel(Cancel.Cause.DELETED);

        assertThat(rig.ended().generationId()).isEqualTo(accepted.generationId());
    }

    @Test
    void smallerPartPublishesNoEnd() {
        nodes.accept(false);

        endUnpublished();
    }

    @Test
    void guardianDecidesIfTheGeneratorWasInASmallerPart() throws Exception {
        nodes.accept(false);
        nodes.accept(true);

        endUnpublished();
        cancel(Cancel.Cause.CONSUMER_GONE);

        assertThat(rig.ended().generationId()).isEqualTo(accepted.generationId());
    }
}
