package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Recording;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that keep no limit. The prompt of {@link Rig} has 16 maxTokens. */
@ExtendWith(VertxExtension.class)
class UpstreamTrustTest {

    private final Vertx vertx;

    @AutoClose
    private final FakeUpstream upstream;

    UpstreamTrustTest(Vertx vertx) throws Exception {
        this.vertx = vertx;
        upstream = FakeUpstream.ofTwoWords(vertx);
    }

    @Test
    void textOfFourDeltasPerTokenEndsWithLengthAndClosesTheUpstream() throws Exception {
        upstream.always(ask -> ask.begin().write(FakeUpstream.delta("a").repeat(64)));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(recording.text()).isEqualTo("a".repeat(64));
            assertThat(recording.breaches()).isEmpty();
            upstream.awaitClosedConnection();
        }
    }

    @Test
    void reportOfMoreTokensThanRequestedEndsWithLength() throws Exception {
        upstream.always(ask -> ask.begin().write(FakeUpstream.usage(4, 17) + FakeUpstream.delta("Once")));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.LENGTH);
            upstream.awaitClosedConnection();
        }
    }

    @Test
    void reportAfterTheFinishReasonDoesNotChangeIt() throws Exception {
        upstream.always(ask -> ask.stream(
                FakeUpstream.delta("Once"), FakeUpstream.finish("stop"), FakeUpstream.usage(4, 17), FakeUpstream.DONE));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n"})
    void endlessInterimAnswersEndTheExchange(String interim) throws Exception {
        var server = vertx.createNetServer()
                .connectHandler(socket -> socket.handler(request ->
                        vertx.setPeriodic(1, id -> socket.write(interim).onFailure(gone -> vertx.cancelTimer(id)))))
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
        try (var rig = new Rig(vertx, Rig.model("http://127.0.0.1:" + server.actualPort()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
        }
    }

    @Test
    void eventOverTheSettingIsAFailure() throws Exception {
        upstream.always(ask -> ask.stream(FakeUpstream.delta("a".repeat(2000)), FakeUpstream.finish("stop")));
        try (var rig = new Rig(vertx, Rig.model(Map.of("maxEventBytes", 1024), upstream.url()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
        }
    }

    @Test
    void timeThatTheUpstreamAsksForIsAtMostAnHour() throws Exception {
        upstream.always(ask -> {
            ask.response().putHeader("Retry-After", "999999999999");
            ask.status(429, "no");
        });
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.fail().retryAfterSeconds()).isEqualTo(3600);
        }
    }

    @Test
    void finishReasonBesideEveryTextIsNoWayAroundTheLimit() throws Exception {
        String event = FakeUpstream.event(new JsonObject().put("content", "a"), "stop");
        upstream.always(ask -> ask.begin().write(event.repeat(64)));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.LENGTH);
            upstream.awaitClosedConnection();
        }
    }

    @Test
    void reportBesideAWholeAnswerDoesNotChangeItsFinishReason() throws Exception {
        upstream.always(ask -> ask.response()
                .end("{\"choices\":[{\"message\":{\"content\":\"Once\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":17}}"));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void reasoningOfFourDeltasPerTokenEndsWithLength() throws Exception {
        String thought = FakeUpstream.event(new JsonObject().put("reasoning_content", "hm"), null);
        upstream.always(ask -> ask.begin().write(thought.repeat(64)));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(recording.completion().usage().completionTokens()).isEqualTo(64);
            upstream.awaitClosedConnection();
        }
    }
}
