package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.openai.OpenAiSettings.Deadlines;
import dev.runnel.engine.openai.UpstreamState.AwaitingHead;
import dev.runnel.engine.openai.UpstreamState.Closed;
import dev.runnel.engine.openai.UpstreamState.Connecting;
import dev.runnel.engine.openai.UpstreamState.Finishing;
import dev.runnel.engine.openai.UpstreamState.Live;
import dev.runnel.engine.openai.UpstreamState.Open;
import dev.runnel.engine.openai.UpstreamState.Reading;
import dev.runnel.engine.openai.UpstreamState.Received;
import dev.runnel.engine.openai.UpstreamState.Streaming;
import dev.runnel.engine.openai.UpstreamState.Tail;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class UpstreamStateTest {

    private static final Deadlines DEADLINES =
            new Deadlines(Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(3), Duration.ofSeconds(4));
    private static final long SENT = Long.MAX_VALUE - 5;

    private HttpClientRequest request;

    @BeforeEach
    void connect(Vertx vertx) throws Exception {
        var upstream = new FakeUpstream(vertx, ask -> {});
        request = vertx.createHttpClient()
                .request(HttpMethod.POST, upstream.port(), "127.0.0.1", "/")
                .await(10, TimeUnit.SECONDS);
    }

    private AwaitingHead sent(boolean reused) {
        return new Connecting().sent(request, Optional.empty(), reused, SENT);
    }

    @Test
    void everyStateHasItsDeadline() {
        AwaitingHead awaitingHead = sent(false);
        var awaitingText = awaitingHead.answered();
        Streaming streaming = awaitingText.started();
        Finishing finishing = streaming.finishing();
        Tail tail = finishing.finished();

        assertThat(awaitingHead.deadline(DEADLINES)).isEqualTo(DEADLINES.firstByte());
        assertThat(awaitingText.deadline(DEADLINES)).isEqualTo(DEADLINES.firstByte());
        assertThat(streaming.deadline(DEADLINES)).isEqualTo(DEADLINES.idle());
        assertThat(finishing.deadline(DEADLINES)).isEqualTo(Duration.ofSeconds(1));
        assertThat(tail.deadline(DEADLINES)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void everyStateButTheLastCloses() {
        AwaitingHead awaitingHead = sent(false);
        Streaming streaming = awaitingHead.answered().started();
        List<Live> live = List.of(
                new Connecting(),
                awaitingHead,
                awaitingHead.answered(),
                streaming,
                streaming.finishing(),
                streaming.received(),
                awaitingHead.refused());

        assertThat(live).allSatisfy(state -> assertThat(state.closed()).isEqualTo(new Closed()));
    }

    @Test
    void everyReadingStateMayFinishOrReceiveTheLastBytes() {
        var awaitingText = sent(false).answered();
        List<Reading> reading = List.of(awaitingText, awaitingText.started(), awaitingText.finishing());

        assertThat(reading).allSatisfy(state -> {
            assertThat(state.finished()).isEqualTo(new Tail(request, 64 * 1024));
            assertThat(state.received()).isEqualTo(new Received());
        });
    }

    @Test
    void textAfterAFinishReasonResumesTheStream() {
        Streaming streaming = sent(false).answered().started();

        assertThat(streaming.finishing().resumed()).isEqualTo(streaming);
    }

    @Test
    void endIsReportedInTheTailAndWhenClosed() {
        assertThat(sent(false).refused()).isNotInstanceOf(Open.class);
        assertThat(new Closed()).isNotInstanceOf(Open.class);
        assertThat(new Received()).isInstanceOf(Open.class);
    }

    @Test
    void onlyAReusedConnectionThatBreaksWithinASecondIsStale() {
        long second = TimeUnit.SECONDS.toNanos(1);

        assertThat(sent(true).isStale(SENT + second - 1)).isTrue();
        assertThat(sent(true).isStale(SENT + second)).isFalse();
        assertThat(sent(false).isStale(SENT)).isFalse();
    }

    @Test
    void tailIsTooLongAfterItsLastByte() {
        Tail tail = sent(false).refused().read(60 * 1024).read(4 * 1024);

        assertThat(tail.isTooLong()).isFalse();
        assertThat(tail.read(1).isTooLong()).isTrue();
    }
}
