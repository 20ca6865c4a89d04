package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.engine.HeldText;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Recording;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large events are counted in the memory for clients while they arrive. */
@ExtendWith(VertxExtension.class)
class HeldTextTest {

    private static final int LARGE = 300 * 1024;
    private static final String FIRST_HALF = "data: {\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(LARGE);
    private static final String SECOND_HALF = "\"}}]}\n\n";

    private final Vertx vertx;

    @AutoClose
    private final FakeUpstream upstream;

    private final List<Account> accounts = new CopyOnWriteArrayList<>();

    HeldTextTest(Vertx vertx) throws Exception {
        this.vertx = vertx;
        upstream = FakeUpstream.ofTwoWords(vertx);
    }

    /** An account of one generation, with a bound. */
    private static final class Account implements HeldText {

        private final int bound;
        private final AtomicInteger calls = new AtomicInteger();
        private volatile long held;
        private volatile boolean closed;

        Account(int bound) {
            this.bound = bound;
        }

        @Override
        public Optional<Failure> resize(long bytes) {
            calls.incrementAndGet();
            if (bytes > bound) {
                return Optional.of(Failure.full("memory: no more", 5));
            }
            held = bytes;
            return Optional.empty();
        }

        @Override
        public void close() {
            held = 0;
            closed = true;
        }
    }

    private Rig rig(int bound, String... urls) throws Exception {
        return new Rig(vertx, Rig.model(urls), model -> {
            Account account = new Account(bound);
            accounts.add(account);
            return account;
        });
    }

    @Test
    void largeEventIsCountedWhileItArrivesAndGivenBackAfterIt() throws Exception {
        upstream.always(ask -> ask.begin().write(FIRST_HALF));
        try (var rig = rig(Integer.MAX_VALUE, upstream.url())) {
            Recording recording = rig.start();
            await().until(() -> !accounts.isEmpty() && accounts.get(0).held >= LARGE);

            upstream.asked()
                    .get(0)
                    .response()
                    .write(SECOND_HALF)
                    .onSuccess(v -> upstream.asked().get(0).response().write(FakeUpstream.delta("y")));
            await().until(() -> recording.text().endsWith("y"));
            assertThat(accounts.get(0).held).isZero();

            upstream.asked().get(0).response().end(FakeUpstream.finish("stop") + FakeUpstream.DONE);
            recording.completion();
            assertThat(recording.text()).hasSize(LARGE + 1);
            assertThat(accounts).hasSize(1).allMatch(account -> account.closed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: ", "{\"choices\":\""})
    void eventThatDoesNotFitEndsTheGenerationAsOverloadedWithoutATryElsewhere(String start) throws Exception {
        upstream.always(ask -> ask.begin().end(start + "x".repeat(LARGE)));
        try (var other = new FakeUpstream(vertx, ask -> ask.begin().end(start + "x".repeat(LARGE)));
                var rig = rig(64 * 1024, upstream.url(), other.url())) {
            Failure failure = rig.fail();

            assertThat(failure.code()).isEqualTo(FailureCode.FULL);
            assertThat(failure.retryAfterSeconds()).isEqualTo(5);
            assertThat(upstream.asked().size() + other.asked().size()).isEqualTo(1);
            assertThat(accounts).hasSize(1).allMatch(account -> account.closed && account.held == 0);
            assertThat(rig.reports())
                    .anyMatch(line -> line.endsWith(" CANCELLED"))
                    .noneMatch(line -> line.contains("circuit"));
        }
    }

    @Test
    void textBeforeAnEventThatDoesNotFitIsPassedOn() throws Exception {
        upstream.always(ask -> ask.begin().end(FakeUpstream.delta("Once") + FIRST_HALF + SECOND_HALF));
        try (var rig = rig(64 * 1024, upstream.url())) {
            Recording recording = rig.start();

            assertThat(Rig.failure(recording).code()).isEqualTo(FailureCode.FULL);
            assertThat(recording.text()).isEqualTo("Once");
        }
    }

    @Test
    void cancelGivesBackWhatIsHeld() throws Exception {
        upstream.always(ask -> ask.begin().write(FIRST_HALF));
        try (var rig = rig(Integer.MAX_VALUE, upstream.url())) {
            Recording recording = rig.start();
            await().until(() -> !accounts.isEmpty() && accounts.get(0).held >= LARGE);

            rig.run(recording::cancel);
            recording.awaitEnd();

            assertThat(accounts).hasSize(1).allMatch(account -> account.closed && account.held == 0);
        }
    }

    @Test
    void ordinaryEventsChangeNoAccount() throws Exception {
        String events = FakeUpstream.delta("x".repeat(200)).repeat(2_000);
        upstream.always(ask -> ask.stream(events, FakeUpstream.finish("stop"), FakeUpstream.DONE));
        try (var rig = rig(0, upstream.url())) {
            var prompt = new Prompt(List.of(Turn.user("hi")), Sampling.UNSET, 2_000, false);
            Recording recording = rig.start(prompt, Integer.MAX_VALUE);

            recording.completion();
            assertThat(recording.text()).hasSize(400_000);
            assertThat(accounts).hasSize(1).allMatch(account -> account.calls.get() == 0);
        }
    }
}
