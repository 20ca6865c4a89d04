package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Ended;
import dev.runnel.message.Look;
import dev.runnel.text.Failure;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A generation ends here without its generator, while this node may be the one that is cut off. */
@ExtendWith(VertxExtension.class)
class GuardCutOffTest {

    private GuardRig rig;

    /** How it ends while another generator is sought. */
    enum How {
        CONSUMER_LEAVES {

            @Override
            void end(GuardRig rig) throws Exception {
                rig.run(rig.generation::cancel);
            }
        },
        CALLER_DELETES_IT {

            @Override
            void end(GuardRig rig) throws Exception {
                rig.run(() -> rig.generation.cancel(Cancel.Cause.DELETED));
            }
        },
        NO_GENERATOR_GOES_ON {

            @Override
            void end(GuardRig rig) throws Exception {
                rig.b.refuse(Failure.invalid("continuation", "continuation: the upstream does not continue a text"));
                await().until(() -> rig.generation.end().isComplete());
            }
        },
        PROCESS_STOPS {

            @Override
            void end(GuardRig rig) throws Exception {
                rig.run(() -> rig.client.cut());
            }
        };

        abstract void end(GuardRig rig) throws Exception;
    }

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        rig = new GuardRig(vertx);
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
        rig.a.gone();
        await().until(() -> rig.b.waiting() == 1);
        rig.nodes.certain(false);
    }

    /** What the client has to do now is done, and what it has sent has arrived. */
    private void settle() throws Exception {
        for (int turn = 0; turn < 5; turn++) {
            rig.run(() -> {});
        }
        for (PlayedNode node : List.of(rig.a, rig.b)) {
            rig.vertx
                    .eventBus()
                    .request(node.address(), new Look(rig.generation.id(), ""))
                    .await(20, TimeUnit.SECONDS);
        }
        // Published after everything before.
        Ended last = rig.first.ended().withEpoch(99);
        rig.vertx.eventBus().publish(Addresses.ENDED, last);
        await().until(() -> rig.published.remove(last));
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsPublishedBeforeItIsCertain(How how) throws Exception {
        how.end(rig);
        settle();
        assertThat(rig.published).isEmpty();
        assertThat(rig.a.cancels()).as("its generator may publish the end").isZero();

        rig.nodes.certain(true);

        await().untilAsserted(() -> assertThat(rig.published).containsExactly(rig.account()));
        assertThat(rig.a.cancelled()).isEqualTo(rig.continued(0));
    }

    @ParameterizedTest
    @EnumSource
    void smallerPartLeavesTheEndToTheOthers(How how) throws Exception {
        how.end(rig);

        rig.nodes.accept(false);

        rig.account();
        rig.a.heard();
        assertThat(rig.a.cancelled()).isEqualTo(new Cancel(rig.generation.id(), Cancel.Cause.CONSUMER_GONE));
        settle();
        assertThat(rig.published).as("its generator publishes the end").isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void accountThatComesMeanwhileIsThatOfTheGenerator(How how) throws Exception {
        how.end(rig);
        rig.first.deliverAccount();

        rig.nodes.certain(true);
        assertThat(rig.account()).isEqualTo(rig.first.ended());

        settle();
        assertThat(rig.published).as("its generator publishes the end").isEmpty();
    }
}
