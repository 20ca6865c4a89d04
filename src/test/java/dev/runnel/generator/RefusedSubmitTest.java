package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.OtherNodes;
import dev.runnel.message.Addresses;
import dev.runnel.message.Failed;
import dev.runnel.message.Origin;
import dev.runnel.message.Placement;
import dev.runnel.message.Submit;
import dev.runnel.text.FailureCode;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.eventbus.Message;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A submit of another node that the model admits, and for which there is no place then. */
class RefusedSubmitTest {

    @AutoClose
    private GeneratorRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = GeneratorRig.with()
                .model("story", Map.of("text", "Once"))
                .inCluster(vertx -> OtherNodes.install(vertx, "self", true, System::nanoTime)
                        .accept(true))
                .start();
    }

    @Test
    void nothingOfItsConsumerIsKept() throws Exception {
        rig.drainGenerators().await(10, TimeUnit.SECONDS);

        var consumer = new WeakReference<>(refused(String.join(".", "runnel", "inbox", "refused")));

        await().until(() -> {
            System.gc();
            return consumer.get() == null;
        });
    }

    private String refused(String consumer) throws Exception {
        var submit = new Submit("", List.of(Turn.user("x")), Sampling.UNSET, 9, false, "", Origin.NO_KEY, consumer)
                .withPlacement(new Placement("other", 0));
        Object answer = rig.vertx()
                .eventBus()
                .request(Addresses.GENERATIONS, submit)
                .map(Message::body)
                .await(10, TimeUnit.SECONDS);
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.failure().code()).isEqualTo(FailureCode.DRAINING));
        return consumer;
    }
}
