package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.text.FinishReason;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What operators should check about an upstream whose streams are read all the same. */
@ExtendWith(VertxExtension.class)
class RemarkTest {

    private final Vertx vertx;

    @AutoClose
    private final FakeUpstream upstream;

    RemarkTest(Vertx vertx) throws Exception {
        this.vertx = vertx;
        upstream = FakeUpstream.ofTwoWords(vertx);
    }

    private List<String> noticesOfTwo(String... events) throws Exception {
        upstream.always(ask -> ask.stream(events));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.STOP);
            return rig.reports().stream()
                    .filter(line -> line.startsWith("notice "))
                    .toList();
        }
    }

    @Test
    void unknownFinishReasonIsStopAndOneNotice() throws Exception {
        assertThat(noticesOfTwo(FakeUpstream.delta("Once"), FakeUpstream.finish("some_new_word"), FakeUpstream.DONE))
                .containsExactly("notice upstream 127.0.0.1:" + upstream.port()
                        + ": finish reason some_new_word is unknown and counts as stop");
    }

    @Test
    void completionTokensWithoutTextAreOneNotice() throws Exception {
        assertThat(noticesOfTwo(FakeUpstream.finish("stop"), FakeUpstream.usage(4, 7), FakeUpstream.DONE))
                .containsExactly("notice upstream 127.0.0.1:" + upstream.port()
                        + ": 7 completion tokens without text: is `api` right?");
    }

    @Test
    void finishReasonThatIsNoNameIsNotLogged() throws Exception {
        assertThat(noticesOfTwo(FakeUpstream.delta("Once"), FakeUpstream.finish("a\nb"), FakeUpstream.DONE))
                .singleElement()
                .asString()
                .contains("(not a name)");
    }
}
