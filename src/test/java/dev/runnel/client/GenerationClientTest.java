package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.Submit;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Usage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The client against a generator that the test plays by hand. */
@ExtendWith(VertxExtension.class)
class GenerationClientTest {

    private static final Duration ONE_MILLI = Duration.ofMillis(1);
    private static final Usage USAGE = new Usage(3, 2, false);

    private final GenerationIds ids = new GenerationIds(new SecureRandom());
    private final String id = ids.next();
    private final BlockingQueue<Cancel> cancels = new LinkedBlockingQueue<>();
    private Vertx vertx;
    /** It is complete: what is composed with it runs on the event loop. */
    private Future<Void> loop;

    private GenerationClient client;

    @BeforeEach
    void startClient(Vertx vertx) throws Exception {
        this.vertx = vertx;
        loop = ((ContextInternal) vertx.getOrCreateContext()).succeededFuture();
        client = onContext(() -> GenerationClient.create(vertx));
        vertx.eventBus().<Cancel>consumer(Addresses.generator(ids.instance()), message -> cancels.add(message.body()));
    }

    @Test
    void deltasComeInOrderAndThenTheEnd() throws Exception {
        generatorAnswers(submit -> sends(submit, delta(0, "Once"), delta(1, " upon"), finished(2)));

        Reader reader = read("Tell me a story");

        assertThat(reader.end()).isEqualTo(finished(2));
        assertThat(reader.texts).containsExactly("Once", " upon");
    }

    @Test
    void deltasThatCameBeforeAHandlerAreKept() throws Exception {
        generatorAnswers(submit -> sends(submit, delta(0, "Once"), delta(1, " upon"), finished(2)));
        ClientGeneration generation = submit();
        inboxIsEmptied();
        assertThat(generation.end().isComplete()).isFalse();

        Reader reader = onContext(() -> Future.succeededFuture(new Reader(generation)));

        assertThat(reader.end()).isEqualTo(finished(2));
        assertThat(String.join("", reader.texts)).isEqualTo("Once upon");
    }

    @Test
    void pausedReaderGetsOneFoldedDelta() throws Exception {
        List<InboxMessage> messages = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            messages.add(delta(i, i % 2 == 0 ? "\n\"é" : "😀"));
        }
        messages.add(finished(1000));
        generatorAnswers(submit -> sends(submit, messages.toArray(InboxMessage[]::new)));
        Reader reader = readPaused();
        inboxIsEmptied();
        assertThat(reader.texts).isEmpty();

        onContext(() -> Future.succeededFuture(reader.generation.deltas().fetch(1)));

        assertThat(reader.end()).isEqualTo(finished(1000));
        assertThat(reader.texts).containsExactly("\n\"é😀".repeat(500));
        assertThat(reader.deltas.get(0).tokens()).isEqualTo(1000);
        assertThat(reader.deltas.get(0).sequence()).isEqualTo(999);
    }

    @Test
    void fetchedReaderGetsNoMoreThanItAskedFor() throws Exception {
        generatorAnswers(submit -> sends(submit, delta(0, "a"), delta(1, "b"), delta(2, "c"), finished(3)));
        Reader reader = onContext(() -> client.submit(GenerationRequest.of("x")).map(generation -> {
            var fetching = new Reader(generation, true);
            generation.deltas().fetch(1);
            return fetching;
        }));
        inboxIsEmptied();

        assertThat(reader.texts).containsExactly("a");
        assertThat(reader.generation.end().isComplete()).isFalse();
    }

    @Test
    void repeatedMessageIsDropped() throws Exception {
        generatorAnswers(
                submit -> sends(submit, delta(0, "a"), delta(0, "a"), delta(1, "b"), delta(0, "a"), finished(2)));

        Reader reader = read("x");

        assertThat(reader.end()).isEqualTo(finished(2));
        assertThat(reader.texts).containsExactly("a", "b");
    }

    @Test
    void gapFailsTheGenerationAsLostAndCancelsIt() throws Exception {
        generatorAnswers(submit -> sends(submit, delta(0, "a"), delta(2, "c"), delta(1, "b"), finished(3)));

        Reader reader = read("x");

        assertThat(reader.failure().code()).isEqualTo(FailureCode.LOST);
        assertThat(reader.texts).containsExactly("a");
        assertThat(cancels.poll(5, TimeUnit.SECONDS)).isEqualTo(new Cancel(id, Cancel.Cause.CONSUMER_GONE));
    }

    @Test
    void failureComesAfterTheLastDelta() throws Exception {
        Failure failure = Failure.of(FailureCode.ENGINE_FAILED, "the engine failed; try again");
        generatorAnswers(submit -> sends(submit, delta(0, "a"), new Failed(id, 1, failure)));

        Reader reader = read("x");

        assertThat(reader.failure()).isEqualTo(failure);
        assertThat(reader.texts).containsExactly("a");
    }

    @Test
    void refusalFailsTheSubmit() throws Exception {
        Failure full = Failure.full("every place is taken; try again later", 7);
        vertx.eventBus().consumer(Addresses.GENERATIONS, message -> message.reply(new Failed("", 0, full)));

        assertThat(refusal().failure()).isEqualTo(full);
    }

    @Test
    void withoutAGeneratorTheSubmitFails() {
        assertThat(refusal().failure().code()).isEqualTo(FailureCode.MODEL_UNAVAILABLE);
    }

    @Test
    void cancelStopsTheGeneratorAndEndsTheStreamAtOnce() throws Exception {
        generatorAnswers(submit -> sends(submit, delta(0, "a")));
        Reader reader = read("x");

        onContext(() -> {
            reader.generation.cancel();
            reader.generation.cancel();
            return Future.succeededFuture();
        });

        assertThat(cancels.poll(5, TimeUnit.SECONDS)).isEqualTo(new Cancel(id, Cancel.Cause.CONSUMER_GONE));
        assertThat(reader.failure().code()).isEqualTo(FailureCode.CANCELLED);
        inboxIsEmptied();
        assertThat(cancels).isEmpty();
    }

    @Test
    void deletedGenerationEndsAsTheGeneratorSays() throws Exception {
        Promise<Submit> submitted = Promise.promise();
        generatorAnswers(submitted::complete);
        Reader reader = read("x");

        onContext(() -> {
            reader.generation.cancel(Cancel.Cause.DELETED);
            return Future.succeededFuture();
        });
        assertThat(cancels.poll(5, TimeUnit.SECONDS)).isEqualTo(new Cancel(id, Cancel.Cause.DELETED));
        var cancelled = new Finished(id, 0, FinishReason.CANCELLED, USAGE);
        sends(submitted.future().result(), cancelled);

        assertThat(reader.end()).isEqualTo(cancelled);
    }

    @Test
    void accountComesAfterTheEnd() throws Exception {
        generatorAnswers(submit -> sends(submit, delta(0, "a"), finished(1), ended()));

        Reader reader = read("x");

        assertThat(reader.end()).isEqualTo(finished(1));
        assertThat(reader.account()).isEqualTo(ended());
    }

    @Test
    void accountOfACancelledGenerationIsReceived() throws Exception {
        Promise<Submit> submitted = Promise.promise();
        generatorAnswers(submitted::complete);
        Reader reader = read("x");
        onContext(() -> {
            reader.generation.cancel();
            return Future.succeededFuture();
        });
        assertThat(reader.generation.settled().isComplete()).isFalse();

        sends(submitted.future().result(), ended(), ended());

        assertThat(reader.account()).isEqualTo(ended());
    }

    @Test
    void accountBeforeTheEndMeansThatTheEndIsLost() throws Exception {
        generatorAnswers(submit -> sends(submit, delta(0, "a"), ended()));

        Reader reader = read("x");

        assertThat(reader.failure().code()).isEqualTo(FailureCode.LOST);
        assertThat(reader.account()).isEqualTo(ended());
        assertThat(cancels).isEmpty();
    }

    @Test
    void accountThatDoesNotComeFailsAfterThePatience() throws Exception {
        client = onContext(() -> GenerationClient.create(vertx, ONE_MILLI));
        generatorAnswers(submit -> sends(submit, finished(0)));

        Reader reader = read("x");

        assertThat(Reader.failureOf(reader.generation.settled()).code()).isEqualTo(FailureCode.LOST);
    }

    @Test
    void closedClientExpectsNoAccount() throws Exception {
        generatorAnswers(submit -> sends(submit, finished(0)));
        Reader reader = read("x");
        reader.end();

        onContext(client::close);

        assertThat(Reader.failureOf(reader.generation.settled()).code()).isEqualTo(FailureCode.CANCELLED);
    }

    @Test
    void generationThatWasAcceptedTooLateIsCancelled() throws Exception {
        Promise<Message<Submit>> late = Promise.promise();
        vertx.eventBus().<Submit>consumer(Addresses.GENERATIONS, late::tryComplete);
        GenerationClient impatient =
                onContext(() -> GenerationClient.create(vertx, ONE_MILLI.multipliedBy(60_000), ONE_MILLI));
        assertThatThrownBy(() -> onContext(() -> impatient.submit(GenerationRequest.of("x"))))
                .isInstanceOfSatisfying(
                        GenerationException.class,
                        e -> assertThat(e.failure().code()).isEqualTo(FailureCode.LOST));

        Message<Submit> message = late.future().await(5, TimeUnit.SECONDS);
        message.reply(new Accepted(id, Addresses.generator(ids.instance())));
        sends(message.body(), delta(0, "a"), delta(1, "b"));

        assertThat(cancels.poll(5, TimeUnit.SECONDS)).isEqualTo(new Cancel(id, Cancel.Cause.CONSUMER_GONE));
        inboxIsEmptied();
        assertThat(cancels).isEmpty();
    }

    @Test
    void closedClientCancelsWhatRunsAndSubmitsNothing() throws Exception {
        generatorAnswers(submit -> {});
        Reader reader = read("x");

        onContext(client::close);
        onContext(client::close);

        assertThat(reader.failure().code()).isEqualTo(FailureCode.CANCELLED);
        assertThat(cancels.poll(5, TimeUnit.SECONDS)).isNotNull();
        assertThat(refusal().failure().code()).isEqualTo(FailureCode.CANCELLED);
    }

    @Test
    void generatorOnTheSameLoopIsRequestedFirstAndAnotherIfItIsFull() throws Exception {
        var near = new GenerationIds(new SecureRandom());
        List<String> asked = new ArrayList<>();
        vertx.eventBus().consumer(Addresses.generator(near.instance()), message -> {
            asked.add("near");
            message.reply(new Failed("", 0, Failure.full("full", 1)));
        });
        generatorAnswers(submit -> {
            asked.add("any");
            sends(submit, finished(0));
        });
        onContext(() -> {
            SameLoop.announce(vertx, near.instance());
            return Future.succeededFuture();
        });

        read("x").end();
        assertThat(asked).containsExactly("near", "any");

        onContext(() -> {
            SameLoop.withdraw(vertx, near.instance());
            return Future.succeededFuture();
        });
        read("x").end();
        assertThat(asked).containsExactly("near", "any", "any");
    }

    @Test
    void loneSurrogateIsNoRequest() {
        assertThatThrownBy(() -> GenerationRequest.of("\ud800")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void idNamesItsHome() {
        assertThat(id).matches("gen_[0-9A-Z]{24}");
        assertThat(GenerationIds.home(id)).contains(ids.instance());
        assertThat(GenerationIds.home(id + "0")).isEmpty();
        assertThat(GenerationIds.home("gen_")).isEmpty();
        assertThat(GenerationIds.home(id.replace("gen_", "GEN_"))).isEmpty();
    }

    private void generatorAnswers(Consumer<Submit> next) throws Exception {
        loop.andThen(turn -> vertx.eventBus().<Submit>consumer(Addresses.GENERATIONS, message -> {
                    message.reply(new Accepted(id, Addresses.generator(ids.instance())));
                    next.accept(message.body());
                }))
                .await(20, TimeUnit.SECONDS);
    }

    private void sends(Submit submit, InboxMessage... messages) {
        for (InboxMessage message : messages) {
            vertx.eventBus().send(submit.inbox(), message);
        }
    }

    private Reader read(String prompt) throws Exception {
        return onContext(() -> client.submit(GenerationRequest.of(prompt)).map(Reader::new));
    }

    private Reader readPaused() throws Exception {
        return onContext(
                () -> client.submit(GenerationRequest.of("x")).map(generation -> new Reader(generation, true)));
    }

    private ClientGeneration submit() throws Exception {
        return onContext(() -> client.submit(GenerationRequest.of("x")));
    }

    private GenerationException refusal() {
        try {
            submit();
        } catch (GenerationException refused) {
            return refused;
        } catch (Exception other) {
            throw new AssertionError(other);
        }
        throw new AssertionError("nothing was refused");
    }

    /** What was sent to the inbox before this call has been received after it. */
    private void inboxIsEmptied() throws Exception {
        String other = "no.consumer";
        onContext(() -> vertx.eventBus().request(other, "x").otherwiseEmpty());
        onContext(Future::succeededFuture);
    }

    private <T> T onContext(Supplier<Future<T>> action) throws Exception {
        return loop.compose(turn -> action.get()).await(20, TimeUnit.SECONDS);
    }

    private Delta delta(long sequence, String text) {
        return new Delta(id, sequence, EscapedText.of(text), 1);
    }

    private Ended ended() {
        return new Ended(id, "", "", "", "m", USAGE, Ended.Outcome.STOP, null, 1, Ended.Durations.ZERO);
    }

    private Finished finished(long sequence) {
        return new Finished(id, sequence, FinishReason.STOP, USAGE);
    }
}
