package dev.runnel.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.GenerationClient;
import dev.runnel.client.GenerationRequest;
import dev.runnel.client.OpenWrites;
import dev.runnel.client.OtherNodes;
import dev.runnel.config.ResumeConfig;
import dev.runnel.http.PlayedGenerator;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.message.Attach;
import dev.runnel.message.Attached;
import dev.runnel.message.Delta;
import dev.runnel.message.Detach;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.Part;
import dev.runnel.message.SentText;
import dev.runnel.message.SentTexts;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.text.FailureCode;
import dev.runnel.text.PartKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Readers on a node whose connection accepts nothing: the bus holds what is sent to them. */
@ExtendWith(VertxExtension.class)
class SlowNodeTest {

    private static final String READERS = "runnel.inbox.slow";
    private static final int PIECE_BYTES = 100_000;
    /** More than is ever under way beyond the bound. */
    private static final int ONE_MESSAGE = 100_000;

    private static final ResumeConfig CONFIG =
            new ResumeConfig(Duration.ofHours(1), Duration.ofHours(1), 1 << 26, 10, 2);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final KeptGenerations store = new KeptGenerations(CONFIG, new ResumeMeters(registry), System::nanoTime);
    private final HeldBytes memory = new HeldBytes(
            new MemoryBounds(1 << 26, 1 << 26), new MemoryMeters(registry, EnumSet.allOf(HeldBytes.Bound.class)));
    private final List<InboxMessage> received = new CopyOnWriteArrayList<>();
    private final List<DeliveryContext<Object>> held = new ArrayList<>();
    private boolean isHolding = true;
    /** Complete: what is composed with it runs on the event loop. */
    private Future<Void> loop;

    private Vertx vertx;
    private OtherNodes nodes;
    private PlayedGenerator generator;
    private GenerationClient client;
    private Guardian guardian;

    @BeforeEach
    void start(Vertx its) throws Exception {
        vertx = its;
        nodes = OtherNodes.install(vertx, "self", true, System::nanoTime);
        nodes.accept(true);
        loop = ((ContextInternal) vertx.getOrCreateContext()).succeededFuture();
        generator = new PlayedGenerator(vertx).start();
        client = loop.compose(turn -> GenerationClient.create(vertx)).await(10, TimeUnit.SECONDS);
        guardian = loop.map(turn -> new Guardian(vertx, client, CONFIG, store, memory))
                .await(10, TimeUnit.SECONDS);
        vertx.eventBus()
                .<InboxMessage>consumer(READERS, message -> received.add(message.body()))
                .completion()
                .await(10, TimeUnit.SECONDS);
        vertx.eventBus().addOutboundInterceptor((DeliveryContext<Object> delivery) -> {
            if (isHolding && delivery.message().address().equals(READERS)) {
                held.add(delivery);
            } else {
                delivery.next();
            }
        });
    }

    private Play startGeneration() throws Exception {
        var granted = (ClaimAnswer.Granted) store.claim(new ClaimRequest("ada", "key", "request", false));
        var request = new Guardian.Request("story", true, "key", 0, KeptRequest.NONE);
        Future<KeptGeneration> keeping = loop.compose(turn -> client.submit(GenerationRequest.of("x")))
                .compose(generation -> guardian.keep(granted.claim(), generation, request));
        Play play = generator.accept();
        keeping.await(10, TimeUnit.SECONDS);
        return play;
    }

    private void attach(Play play) throws Exception {
        var attach = new Attach(play.id(), "ada", READERS, 1, "slow", false, 1);
        Attached answer = (Attached) vertx.eventBus()
                .request(client.inbox(), attach)
                .await(10, TimeUnit.SECONDS)
                .body();
        assertThat(answer.answer()).isEqualTo(Attached.Answer.ATTACHED);
    }

    private void say(Play play, int pieces) {
        long before = store.find(play.id(), "ada").orElseThrow().text().utf8Length();
        for (int i = 0; i < pieces; i++) {
            play.say("x".repeat(PIECE_BYTES));
        }
        long expected = before + (long) pieces * PIECE_BYTES;
        await().until(() -> store.find(play.id(), "ada").orElseThrow().text().utf8Length() == expected);
    }

    /** In their order: what is sent meanwhile follows. */
    private void release() throws Exception {
        loop.andThen(turn -> {
                    while (!held.isEmpty()) {
                        held.remove(0).next();
                    }
                    isHolding = false;
                })
                .await(10, TimeUnit.SECONDS);
    }

    private void assertBounded() throws Exception {
        await().until(() -> nodes.bytesUnderWay() >= OpenWrites.MAX_BYTES);
        // After what the event loop had to do before.
        long bytes = loop.map(turn -> nodes.bytesUnderWay()).await(10, TimeUnit.SECONDS);
        assertThat(bytes).isLessThan(OpenWrites.MAX_BYTES + (long) ONE_MESSAGE);
    }

    private void assertReceived(int bytes) {
        await().until(() -> received.stream().anyMatch(Finished.class::isInstance));
        String text = received.stream()
                .filter(Delta.class::isInstance)
                .map(message -> ((Delta) message).text().toString())
                .collect(Collectors.joining());
        assertThat(text).isEqualTo("x".repeat(bytes));
        assertThat(received)
                .map(message -> ((NumberedMessage) message).sequence())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, received.size()).boxed().toList());
        await().untilAsserted(() -> assertThat(nodes.bytesUnderWay()).isZero());
    }

    @Test
    void textSoFarHasABoundAndTheRestFollows() throws Exception {
        Play play = startGeneration();
        say(play, 10);

        attach(play);

        assertBounded();
        play.finish();
        release();
        assertReceived(10 * PIECE_BYTES);
    }

    @Test
    void textThatIsGeneratedMeanwhileWaits() throws Exception {
        Play play = startGeneration();
        attach(play);

        say(play, 10);

        assertBounded();
        release();
        play.finish();
        assertReceived(10 * PIECE_BYTES);
    }

    @Test
    void reasoningBeforeTheReaderCameComesInItsPlace() throws Exception {
        Play play = startGeneration();
        play.think("thought");
        say(play, 1);

        attach(play);

        play.finish();
        release();
        assertReceived(PIECE_BYTES);
        assertThat(received.get(0))
                .isInstanceOfSatisfying(
                        Part.class, part -> assertThat(part.kind()).isEqualTo(PartKind.REASONING_CONTENT));
    }

    @Test
    void heartbeatsToTheNodeNameWhatWasSentToItsReader() throws Exception {
        isHolding = false;
        Play play = startGeneration();
        attach(play);
        say(play, 1);
        play.finish();
        await().until(() -> received.stream().anyMatch(Finished.class::isInstance));

        nodes.sent().due("slow");

        var expected = new SentText(play.id(), 1, received.size() + 1);
        assertThat(nodes.sent().due("slow").texts()).containsExactly(new SentTexts(READERS, List.of(expected)));
        vertx.eventBus().send(client.inbox(), new Detach(play.id(), READERS, 1));
        await().until(() -> store.readers() == 0);
    }

    @Test
    void readersOfANodeThatIsSilentGetAnEnd() throws Exception {
        isHolding = false;
        Play play = startGeneration();
        attach(play);
        say(play, 1);

        nodes.consumersGone("slow");

        await().until(() -> store.readers() == 0);
        await().untilAsserted(() -> assertThat(received).last().isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.sequence()).isEqualTo(received.size());
            assertThat(failed.failure().code()).isEqualTo(FailureCode.CLUSTER);
        }));
    }

    @Test
    void nothingFollowsForAReaderThatHasLeft() throws Exception {
        Play play = startGeneration();
        attach(play);
        say(play, 10);
        vertx.eventBus().send(client.inbox(), new Detach(play.id(), READERS, 1));
        await().until(() -> store.readers() == 0);

        int sent = loop.map(turn -> held.size()).await(10, TimeUnit.SECONDS);
        release();

        await().untilAsserted(() -> assertThat(nodes.bytesUnderWay()).isZero());
        assertThat(received).hasSize(sent);
    }
}
