package dev.runnel.client;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;
import static org.awaitility.Awaitility.await;

import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Finished;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.Submit;
import dev.runnel.text.EscapedText;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Usage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A client and its generator in one verticle, as in a lane of the service; and apart. */
@ExtendWith(VertxExtension.class)
class InboxTest {

    private final GenerationIds ids = new GenerationIds(new SecureRandom());
    private final String id = ids.next();
    private Vertx vertx;

    @BeforeEach
    void inject(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Submits to itself. */
    private final class Both extends VerticleBase {

        private final List<String> read = new ArrayList<>();
        private final Consumer<Both> generator;
        private GenerationClient client;
        private ClientGeneration generation;
        private Inbox inbox;
        private Context accepted;

        /** @param generator runs when a submit was accepted, before the client can know */
        Both(Consumer<Both> generator) {
            this.generator = generator;
        }

        @Override
        public Future<?> start() {
            vertx.eventBus().<Submit>consumer(Addresses.GENERATIONS, this::accept);
            return GenerationClient.create(vertx)
                    .onSuccess(made -> client = made)
                    .compose(made -> made.submit(GenerationRequest.of("x")))
                    .onSuccess(this::follow);
        }

        private void accept(Message<Submit> submit) {
            accepted = vertx.getOrCreateContext();
            submit.reply(new Accepted(id, Addresses.generator(ids.instance())));
            inbox = Inbox.at(vertx, submit.body().inbox());
            generator.accept(this);
        }

        private void follow(ClientGeneration accepted) {
            generation = accepted;
            accepted.deltas().handler(delta -> read.add(delta.text().toString()));
        }

        Future<Void> send(long sequence, String text) {
            return inbox.send(new Delta(id, sequence, EscapedText.of(text), 1));
        }

        /** Lets something happen on the verticle's event loop, and waits for it. */
        <T> T call(Supplier<Future<T>> action) throws TimeoutException {
            return ((ContextInternal) context)
                    .succeededFuture()
                    .compose(turn -> action.get())
                    .await(10, TimeUnit.SECONDS);
        }
    }

    /** Has a client, but not what its start needs besides. */
    private static final class Broken extends VerticleBase {

        @Override
        public Future<?> start() {
            return GenerationClient.create(vertx).compose(made -> Future.failedFuture("what comes next"));
        }
    }

    private Both deploy(Consumer<Both> generator) throws Exception {
        Both both = new Both(generator);
        vertx.deployVerticle(both).await(10, TimeUnit.SECONDS);
        return both;
    }

    @Test
    void whatComesBeforeTheClientKnowsOfTheGenerationWaitsForThat() throws Exception {
        Both both = deploy(self -> {
            self.send(0, "a");
            self.send(1, "b");
        });

        both.call(() -> both.send(2, "c"));
        both.call(Future::succeededFuture);

        assertThat(both.read).containsExactly("a", "b", "c");
    }

    @Test
    void nothingOvertakesWhatWaits() throws Exception {
        Both both = deploy(self -> {
            self.send(0, "a");
            // By the time this runs the client knows of the generation, and the second delta below still waits.
            self.accepted.runOnContext(turn -> {
                self.send(2, "c");
                self.inbox.send(new Finished(id, 3, FinishReason.STOP, new Usage(1, 3, false)));
            });
            self.send(1, "b");
        });

        Finished end = both.call(() -> both.generation.end());

        assertThat(end.sequence()).isEqualTo(3);
        assertThat(both.read).containsExactly("a", "b", "c");
    }

    @Test
    void clientOfTheSameDeploymentIsCalled() throws Exception {
        Both both = deploy(self -> {});

        List<String> readAtOnce = both.call(() -> {
            both.send(0, "a");
            return Future.succeededFuture(List.copyOf(both.read));
        });

        assertThat(readAtOnce).containsExactly("a");
    }

    @Test
    void accountReachesAClientOfTheSameDeployment() throws Exception {
        Both both = deploy(self -> {});
        var account = new Ended(
                id, "", "", "", "m", new Usage(1, 1, false), Ended.Outcome.STOP, null, 1, Ended.Durations.ZERO);

        Ended received = both.call(() -> {
            both.send(0, "a");
            both.inbox.send(new Finished(id, 1, FinishReason.STOP, new Usage(1, 1, false)));
            both.inbox.send(account);
            return both.generation.settled();
        });

        assertThat(received).isSameAs(account);
    }

    static Stream<Handler<Delta>> failures() {
        return Stream.of(
                delta -> {
                    throw new IllegalStateException("a reader's");
                },
                delta -> {
                    throw new OutOfMemoryError("a reader's");
                });
    }

    @ParameterizedTest
    @MethodSource("failures")
    void whatAReaderThrowsIsNotTheSenders(Handler<Delta> reader) throws Exception {
        Both both = deploy(self -> {});
        List<Throwable> reported = new ArrayList<>();

        Future<Void> sent = both.call(() -> {
            Vertx.currentContext().exceptionHandler(reported::add);
            both.generation.deltas().handler(reader);
            return Future.succeededFuture(both.send(0, "a"));
        });
        both.call(Future::succeededFuture);

        assertThat(sent.succeeded()).isTrue();
        assertThat(reported).singleElement(as(THROWABLE)).hasMessage("a reader's");
    }

    @Test
    void nothingIsReadAfterTheEnd() throws Exception {
        Both both = deploy(self -> {});
        both.call(() -> {
            both.send(0, "a");
            return both.inbox.send(new Finished(id, 1, FinishReason.STOP, new Usage(1, 1, false)));
        });

        both.call(() -> both.send(2, "b"));

        assertThat(both.read).containsExactly("a");
    }

    @Test
    void closedClientIsGone() throws Exception {
        Both both = deploy(self -> {});
        both.call(() -> both.client.close());

        assertThatThrownBy(() -> both.call(() -> both.send(0, "a"))).isInstanceOf(ReplyException.class);
    }

    @Test
    void undeployedClientThatDidNotCloseIsGone() throws Exception {
        Both both = deploy(self -> {});
        vertx.undeploy(both.deploymentID()).await(10, TimeUnit.SECONDS);

        assertThatThrownBy(() -> both.call(() -> both.send(0, "a"))).isInstanceOf(ReplyException.class);
    }

    @Test
    void nothingIsKeptOfAClientThatIsClosed() throws Exception {
        Both both = deploy(self -> {});
        assertThat(vertx.sharedData().getLocalMap(Inbox.MAP)).hasSize(1);

        both.call(() -> both.client.close());

        awaitNoInbox();
    }

    @Test
    void nothingIsKeptOfAClientThatIsUndeployed() throws Exception {
        Both both = deploy(self -> {});

        vertx.undeploy(both.deploymentID()).await(10, TimeUnit.SECONDS);

        awaitNoInbox();
    }

    @Test
    void nothingIsKeptOfAClientWhoseVerticleDoesNotStart() {
        assertThatThrownBy(() -> vertx.deployVerticle(new Broken()).await(10, TimeUnit.SECONDS))
                .hasMessage("what comes next");

        awaitNoInbox();
    }

    @Test
    void generationOfAnUndeployedClientEndsAndIsCancelled() throws Exception {
        List<Cancel> cancels = new CopyOnWriteArrayList<>();
        vertx.eventBus().<Cancel>consumer(Addresses.generator(ids.instance()), sent -> cancels.add(sent.body()));
        Both both = deploy(self -> {});

        vertx.undeploy(both.deploymentID()).await(10, TimeUnit.SECONDS);

        assertThatThrownBy(() -> both.generation.end().await(10, TimeUnit.SECONDS))
                .isInstanceOf(GenerationException.class);
        await().untilAsserted(() -> assertThat(cancels).containsExactly(new Cancel(id, Cancel.Cause.CONSUMER_GONE)));
    }

    private void awaitNoInbox() {
        await().untilAsserted(() ->
                assertThat(vertx.sharedData().getLocalMap(Inbox.MAP)).isEmpty());
    }

    @Test
    void clientOnAnotherLoopIsReachedOverTheBus() throws Exception {
        Both both = deploy(self -> {});
        Both other = deploy(self -> {});
        other.inbox = other.call(() -> Future.succeededFuture(Inbox.at(vertx, Addresses.inbox("unregistered"))));

        assertThatThrownBy(() -> other.call(() -> other.send(0, "a"))).isInstanceOf(ReplyException.class);
        String inbox = both.call(() -> Future.succeededFuture(both.client.inbox()));
        other.inbox = other.call(() -> Future.succeededFuture(Inbox.at(vertx, inbox)));
        other.call(() -> other.send(0, "a"));
        both.call(Future::succeededFuture);

        assertThat(both.read).containsExactly("a");
    }
}
