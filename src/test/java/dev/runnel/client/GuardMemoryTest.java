package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.message.Ended;
import dev.runnel.text.FailureCode;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client keeps of a text on another node is counted, until the end. */
@ExtendWith(VertxExtension.class)
class GuardMemoryTest {

    private static final int ROOM = 10_000;

    private final AtomicLong heldBytes = new AtomicLong();
    private GuardRig rig;

    /** Has so much room for each generation. */
    private final class Held implements CopyAccount.Held {

        private long bytes;

        @Override
        public boolean resize(long wanted) {
            if (wanted > ROOM) {
                return false;
            }
            heldBytes.addAndGet(wanted - bytes);
            bytes = wanted;
            return true;
        }

        @Override
        public void close() {
            resize(0);
        }
    }

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        rig = new GuardRig(vertx);
        rig.nodes.countCopies(keyId -> new Held());
        rig.generate();
    }

    @Test
    void copyIsCountedUntilTheEnd() throws Exception {
        rig.first.say(0, "x".repeat(1_000));
        rig.awaitText("x".repeat(1_000));
        assertThat(heldBytes).hasValueBetween(1_000, ROOM);

        rig.first.finish(1);
        rig.end();

        assertThat(heldBytes).hasValue(0);
    }

    @Test
    void generationWhoseCopyHasNoRoomRunsOnAndDoesNotGoOnElsewhere() throws Exception {
        rig.first.say(0, "x".repeat(ROOM));
        rig.first.say(1, "y");
        rig.awaitText("x".repeat(ROOM) + "y");
        assertThat(heldBytes).hasValue(0);

        rig.a.gone();

        assertThat(rig.failure()).isEqualTo(FailureCode.LOST);
        Ended account = rig.account();
        assertThat(account.usage().completionTokens()).isEqualTo(2);
        await().untilAsserted(() -> assertThat(rig.published).containsExactly(account));
        assertThat(rig.b.waiting()).isZero();
    }
}
