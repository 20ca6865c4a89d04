package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.text.FinishReason;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A run that is not wanted any more, or whose first message is lost, is not the one that goes on. */
@ExtendWith(VertxExtension.class)
class GuardSuccessorTest {

    private GuardRig rig;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        rig = new GuardRig(vertx);
        rig.generate();
        rig.first.say(0, "Once");
        rig.awaitText("Once");
        rig.a.gone();
    }

    @Test
    void runThatWasGivenUpForLateTextDoesNotGoOn() throws Exception {
        PlayedNode.Run early = rig.b.accept();

        rig.first.say(1, " upon");
        early.say(1, " twice");
        early.say(2, " again");

        PlayedNode.Run later = rig.b.accept();
        later.say(2, " a");
        later.finish(3);
        assertThat(rig.end().finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(rig.text()).isEqualTo("Once upon a");
        assertThat(rig.b.cancelled()).isEqualTo(rig.continued(1));
    }

    @Test
    void runWhoseFirstMessageIsLostIsReplaced() throws Exception {
        PlayedNode.Run broken = rig.b.accept();

        broken.say(2, " a");

        PlayedNode.Run next = rig.b.accept();
        next.say(1, " upon");
        next.finish(2);
        assertThat(rig.end().epoch()).isEqualTo(2);
        assertThat(rig.text()).isEqualTo("Once upon");
        assertThat(rig.b.cancelled()).isEqualTo(rig.continued(1));
    }

    @Test
    void runOfWhichOnlyTheAccountCameIsReplaced() throws Exception {
        PlayedNode.Run broken = rig.b.accept();

        broken.account();

        PlayedNode.Run next = rig.b.accept();
        next.say(1, " upon");
        next.finish(2);
        assertThat(rig.end().epoch()).isEqualTo(2);
        assertThat(rig.text()).isEqualTo("Once upon");
    }
}
