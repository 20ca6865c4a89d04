package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Completion;
import dev.runnel.engine.Recording;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Silence, cancellation and the reuse of connections, with one upstream. */
@ExtendWith(VertxExtension.class)
class UpstreamRequestTest {

    private final Vertx vertx;

    @AutoClose
    private final FakeUpstream upstream;

    UpstreamRequestTest(Vertx vertx) throws Exception {
        this.vertx = vertx;
        upstream = FakeUpstream.ofTwoWords(vertx);
    }

    @Test
    void silenceBeforeTheHeadIsATimeout() throws Exception {
        upstream.always(ask -> {});
        try (var rig = new Rig(vertx, Rig.model(deadlines("firstByte", "50ms"), upstream.url()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.FIRST_TOKEN_TIMEOUT);
            upstream.awaitClosedConnection();
        }
    }

    @Test
    void silenceBeforeTheFirstTextIsATimeoutCommentsOrNot() throws Exception {
        upstream.always(ask -> {
            HttpServerResponse response = ask.begin();
            response.write(FakeUpstream.event(new JsonObject().put("role", "assistant"), null));
            vertx.setPeriodic(10, id -> response.write(": still here\n\n"));
        });
        try (var rig = new Rig(vertx, Rig.model(deadlines("firstByte", "100ms"), upstream.url()))) {
            assertThat(rig.fail().code()).isEqualTo(FailureCode.FIRST_TOKEN_TIMEOUT);
        }
    }

    @Test
    void silenceAfterTheFirstTextIsATimeout() throws Exception {
        upstream.always(ask -> ask.begin().write(FakeUpstream.delta("Once")));
        try (var rig = new Rig(vertx, Rig.model(deadlines("idle", "50ms"), upstream.url()))) {
            Recording recording = rig.start();

            assertThat(Rig.failure(recording).code()).isEqualTo(FailureCode.NEXT_TOKEN_TIMEOUT);
            assertThat(recording.text()).isEqualTo("Once");
            assertThat(recording.breaches()).isEmpty();
            upstream.awaitClosedConnection();
        }
    }

    @Test
    void thoughtCountsAgainstSilenceButIsNoText() throws Exception {
        upstream.always(ask -> {
            HttpServerResponse response = ask.begin();
            int[] left = {30};
            vertx.setPeriodic(10, id -> {
                if (left[0]-- > 0) {
                    response.write(FakeUpstream.event(new JsonObject().put("reasoning_content", "hm"), null));
                } else {
                    vertx.cancelTimer(id);
                    response.end(FakeUpstream.TWO_WORDS);
                }
            });
        });
        Map<String, Object> deadlines = Map.of("deadlines", Map.of("firstByte", "250ms", "idle", "250ms"));
        try (var rig = new Rig(vertx, Rig.model(deadlines, upstream.url()))) {
            Recording recording = rig.start();

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(recording.text()).isEqualTo("Once upon");
            assertThat(recording.answer()).hasSizeGreaterThan(1).last().isEqualTo("Once upon");
            assertThat(recording.tokens()).isEqualTo(32);
        }
    }

    @Test
    void streamThatStaysOpenAfterItsFinishReasonEnds() throws Exception {
        upstream.always(ask -> ask.begin().write(FakeUpstream.TWO_WORDS));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.STOP);
            upstream.awaitClosedConnection();
        }
    }

    @Test
    void textAfterAFinishReasonContinuesTheStream() throws Exception {
        upstream.always(ask -> ask.begin()
                .write(FakeUpstream.delta("Once"))
                .compose(v -> ask.response().write(FakeUpstream.finish("stop")))
                .compose(v -> vertx.timer(10))
                .compose(v -> ask.response().write(FakeUpstream.delta(" upon"))));
        try (var rig = new Rig(vertx, Rig.model(deadlines("idle", "50ms"), upstream.url()))) {
            Recording recording = rig.start();

            assertThat(Rig.failure(recording).code()).isEqualTo(FailureCode.NEXT_TOKEN_TIMEOUT);
            assertThat(recording.text()).isEqualTo("Once upon");
        }
    }

    @Test
    void cancelBeforeTheHeadClosesTheConnection() throws Exception {
        upstream.always(ask -> {});
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();
            upstream.awaitAsk();
            rig.run(recording::cancel);

            assertThat(recording.completion()).isEqualTo(new Completion(FinishReason.CANCELLED, new Usage(4, 0, true)));
            upstream.awaitClosedConnection();
            assertThat(rig.reports()).containsExactly("127.0.0.1:" + upstream.port() + " CANCELLED");
        }
    }

    @Test
    void cancelInTheMiddleClosesTheConnectionAndCountsWhatCame() throws Exception {
        upstream.always(ask -> ask.begin().write(FakeUpstream.delta("Once")));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start(Rig.PROMPT, 1);

            assertThat(recording.completion()).isEqualTo(new Completion(FinishReason.CANCELLED, new Usage(4, 1, true)));
            upstream.awaitClosedConnection();
            assertThat(recording.breaches()).isEmpty();
        }
    }

    @Test
    void cancelWhileItConnectsAsksNothing() throws Exception {
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start(Rig.PROMPT, 0);

            assertThat(recording.completion()).isEqualTo(new Completion(FinishReason.CANCELLED, new Usage(4, 0, true)));
            assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(upstream.asked()).hasSize(1);
            assertThat(recording.breaches()).isEmpty();
        }
    }

    @Test
    void cancelFromAnotherThreadEndsOnItsOwn() throws Exception {
        upstream.always(ask -> ask.begin().write(FakeUpstream.delta("Once")));
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            Recording recording = rig.start();
            upstream.awaitAsk();
            recording.cancel();

            assertThat(recording.completion().finishReason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(recording.breaches()).isEmpty();
        }
    }

    @Test
    void connectionIsUsedAgain() throws Exception {
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            rig.complete();
            upstream.next(ask -> ask.status(400, "no"));
            rig.fail();
            rig.complete();

            assertThat(upstream.asked().stream().map(ask -> ask.request().connection()))
                    .hasSize(3);
            assertThat(upstream.asked().stream()
                            .map(ask -> ask.request().connection().remoteAddress())
                            .distinct())
                    .hasSize(1);
        }
    }

    @Test
    void connectionThatTheUpstreamHadClosedIsNoFailure() throws Exception {
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            rig.complete();
            upstream.next(ask -> ask.request().connection().close());

            assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(upstream.asked()).hasSize(3);
            assertThat(rig.reports()).noneMatch(line -> line.contains("UNREACHABLE"));
        }
    }

    /** Only an idle connection breaks at once; later the upstream may have worked for us, and be paid for it. */
    @ParameterizedTest
    @CsvSource({"999, 3, COMPLETED", "1000, 2, UNREACHABLE", "60000, 2, UNREACHABLE"})
    void connectionThatBreaksLateIsNotAskedAgain(int lateMillis, int asked, String outcome) throws Exception {
        var clock = new AtomicLong();
        try (var rig = new Rig(vertx, Rig.model(upstream.url()), clock::get)) {
            rig.complete();
            upstream.next(ask -> {
                clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(lateMillis));
                ask.request().connection().close();
            });

            rig.start().awaitEnd();
            assertThat(upstream.asked()).hasSize(asked);
            String name = "127.0.0.1:" + upstream.port();
            assertThat(rig.reports()).startsWith(name + " COMPLETED", name + " " + outcome);
        }
    }

    @Test
    void connectionThatBreaksTwiceIsAFailure() throws Exception {
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            rig.complete();
            upstream.always(ask -> ask.request().connection().close());

            assertThat(rig.fail().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
            assertThat(upstream.asked()).hasSize(3);
        }
    }

    @Test
    void noiseAfterTheFinishReasonDoesNotKeepTheStreamOpen() throws Exception {
        upstream.always(ask -> {
            HttpServerResponse response = ask.begin();
            response.write(FakeUpstream.TWO_WORDS);
            long noise = vertx.setPeriodic(10, id -> response.write("data: {}\n\n"));
            response.closeHandler(gone -> vertx.cancelTimer(noise));
        });
        try (var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.complete().finishReason()).isEqualTo(FinishReason.STOP);
            upstream.awaitClosedConnection();
        }
    }

    private static Map<String, Object> deadlines(String which, String duration) {
        return Map.of("deadlines", Map.of(which, duration));
    }
}
