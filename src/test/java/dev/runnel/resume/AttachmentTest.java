package dev.runnel.resume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.Finished;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.RunTestOnContext;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AttachmentTest {

    @RegisterExtension
    final RunTestOnContext runOnContext = new RunTestOnContext();

    private static final Finished FINISHED = new Finished("gen_1", 3, FinishReason.STOP, Usage.NONE);

    private final List<String> seen = new ArrayList<>();
    private final KeptGeneration kept =
            new KeptGeneration(new KeptGeneration.Facts("gen_1", "ada", "story", true, "inbox", 0), () -> {});
    private Attachment reader;

    @BeforeEach
    void attach() {
        reader = new Attachment(Vertx.currentContext(), kept, leaving -> seen.add("left"));
        reader.onText(() -> seen.add("text"));
    }

    @Test
    void readerThatLeavesIsNotCalledAgainAndNothingWaitsForIt() {
        reader.advanced();
        reader.leave();
        reader.leave();
        reader.advanced();
        reader.ended(Future.succeededFuture(FINISHED));

        assertThat(seen).containsExactly("text", "left");
        assertThat(reader.end().failed()).isTrue();
    }

    @Test
    void readerStaysUntilItLeavesAfterTheEnd() {
        reader.ended(Future.succeededFuture(FINISHED));
        reader.abort(new IllegalStateException("too late"));

        assertThat(reader.end().result()).isEqualTo(FINISHED);
        assertThat(seen).isEmpty();
        reader.leave();
        assertThat(seen).containsExactly("left");
    }

    @Test
    void abortEndsTheReaderWithItsReasonAndLeaves() {
        IllegalStateException reason = new IllegalStateException("revoked");

        reader.abort(reason);

        assertThat(reader.end().cause()).isSameAs(reason);
        assertThat(seen).containsExactly("left");
    }
}
