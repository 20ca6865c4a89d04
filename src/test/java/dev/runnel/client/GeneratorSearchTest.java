package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Failed;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.ModelPlaces;
import dev.runnel.message.Submit;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client of a node in a cluster. The generators of the other nodes are played, on the bus of one process. */
@ExtendWith(VertxExtension.class)
class GeneratorSearchTest {

    private static final Failure FULL = Failure.full("all places are in use; try again in 1 s", 1);

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Submit> submits = new CopyOnWriteArrayList<>();
    private final List<Cancel> cancels = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    /** It is complete: what is composed with it runs on the event loop. */
    private Future<Void> loop;

    @BeforeEach
    void registerCodecs(Vertx vertx) {
        this.vertx = vertx;
        this.loop = ((ContextInternal) vertx.getOrCreateContext()).succeededFuture();
        MessageCodecs.register(vertx.eventBus());
    }

    private OtherNodes nodes(boolean spreads) {
        OtherNodes nodes = OtherNodes.install(vertx, "self", spreads, System::nanoTime);
        nodes.accept(true);
        return nodes;
    }

    /** A generator of another node; {@code free} is what its node's heartbeat says. */
    private String node(OtherNodes nodes, String name, int free, Consumer<Message<Submit>> behaviour) throws Exception {
        String address = generator(name, behaviour);
        heard(nodes, name, free, address);
        return address;
    }

    private static void heard(OtherNodes nodes, String name, int free, String address) {
        List<ModelPlaces> places = List.of(new ModelPlaces("story", true, free));
        nodes.heard(new Heartbeat(name, 1, 1, "secret", 1_000_000, List.of(address), places));
    }

    private String generator(String name, Consumer<Message<Submit>> behaviour) throws Exception {
        String address = Addresses.generator(new GenerationIds(new SecureRandom()).instance());
        listen(address, name, behaviour);
        return address;
    }

    private void listen(String address, String name, Consumer<Message<Submit>> behaviour) throws Exception {
        vertx.eventBus()
                .<Object>consumer(address, message -> {
                    if (message.body() instanceof Submit submit) {
                        asked.add(name);
                        submits.add(submit);
                        @SuppressWarnings({"unchecked", "rawtypes"}) // its body was checked
                        Message<Submit> of = (Message) message;
                        behaviour.accept(of);
                    } else {
                        cancels.add((Cancel) message.body());
                    }
                })
                .completion()
                .await(5, TimeUnit.SECONDS);
    }

    private void here(Consumer<Message<Submit>> behaviour) throws Exception {
        listen(Addresses.GENERATIONS, "self", behaviour);
    }

    private static Consumer<Message<Submit>> accepts(String id) {
        return submit -> submit.reply(
                new Accepted(id, Addresses.generator(GenerationIds.home(id).orElseThrow())));
    }

    private static String anId() {
        return new GenerationIds(new SecureRandom()).next();
    }

    private static void refuses(Message<Submit> submit) {
        submit.reply(new Failed("", 0, FULL));
    }

    private ClientGeneration submit() throws Exception {
        return loop.compose(turn -> GenerationClient.create(vertx))
                .compose(client -> client.submit(GenerationRequest.of("x").withModel("story")))
                .await(20, TimeUnit.SECONDS);
    }

    private GenerationException refusal() {
        return catchThrowableOfType(GenerationException.class, this::submit);
    }

    @Test
    void nodeWithMoreFreePlacesIsAskedFirst() throws Exception {
        OtherNodes nodes = nodes(true);
        here(accepts(anId()));
        node(nodes, "a", 1, accepts(anId()));
        node(nodes, "b", 5, accepts(anId()));

        submit();

        assertThat(asked).containsExactly("b");
        assertThat(submits.get(0).placement().node()).isEqualTo("self");
        assertThat(submits.get(0).placement().answerByMillis()).isBetween(1_000_000L, 1_002_000L);
    }

    @Test
    void ownNodeIsAskedFirstWhereGenerationsStayLocal() throws Exception {
        OtherNodes nodes = nodes(false);
        here(accepts(anId()));
        node(nodes, "a", 5, accepts(anId()));

        submit();

        assertThat(asked).containsExactly("self");
    }

    @Test
    void ownNodeIsAskedFirstWhereNoOtherHasAFreePlace() throws Exception {
        OtherNodes nodes = nodes(true);
        here(accepts(anId()));
        node(nodes, "a", 0, accepts(anId()));
        node(nodes, "b", -3, accepts(anId()));

        submit();

        assertThat(asked).containsExactly("self");
    }

    @Test
    void refusalGoesToTheNextNodeAndThreeAreAskedAtMost() throws Exception {
        OtherNodes nodes = nodes(true);
        here(GeneratorSearchTest::refuses);
        for (String name : List.of("a", "b", "c", "d")) {
            node(nodes, name, 5, GeneratorSearchTest::refuses);
        }

        assertThat(refusal().failure().code()).isEqualTo(FailureCode.FULL);

        assertThat(asked).hasSize(3).doesNotHaveDuplicates();
        assertThat(asked.get(2)).isEqualTo("self");
    }

    @Test
    void faultOfTheRequestIsNotAskedAgain() throws Exception {
        OtherNodes nodes = nodes(true);
        here(accepts(anId()));
        Failure invalid = Failure.invalid("prompt", "prompt: empty (expected: 1 code point or more)");
        node(nodes, "a", 5, submit -> submit.reply(new Failed("", 0, invalid)));

        assertThat(refusal().failure()).isEqualTo(invalid);

        assertThat(asked).containsExactly("a");
    }

    @Test
    void silentNodeIsLeftAfterTwoSeconds() throws Exception {
        OtherNodes nodes = nodes(true);
        here(accepts(anId()));
        node(nodes, "a", 5, silent -> {});

        submit();

        assertThat(asked).containsExactly("a", "self");
    }

    @Test
    void silentNodeGetsNoSubmitBeforeItIsHeardAgain() throws Exception {
        OtherNodes nodes = nodes(true);
        here(accepts(anId()));
        String address = node(nodes, "a", 5, silent -> {});
        submit();
        asked.clear();

        submit();
        assertThat(asked).containsExactly("self");

        heard(nodes, "a", 5, address);
        submit();
        assertThat(asked).containsExactly("self", "a", "self");
    }

    @Test
    void nodeGetsNoMoreSubmitsThanItMayLeaveUnanswered() throws Exception {
        OtherNodes nodes = nodes(true);
        here(accepts(anId()));
        String address = node(nodes, "a", 1_000, silent -> {});
        GenerationClient client =
                loop.compose(turn -> GenerationClient.create(vertx)).await(20, TimeUnit.SECONDS);

        loop.andThen(turn -> {
                    for (int i = 0; i <= OtherNode.MAX_UNANSWERED; i++) {
                        // A heartbeat says nothing about what is unanswered.
                        heard(nodes, "a", 1_000, address);
                        client.submit(GenerationRequest.of("x").withModel("story"));
                    }
                })
                .await(20, TimeUnit.SECONDS);

        await().until(() -> asked.contains("self"));
        assertThat(asked.stream().filter("a"::equals)).hasSize(OtherNode.MAX_UNANSWERED);
    }

    @Test
    void nodeWithoutGeneratorsIsNotAsked() throws Exception {
        OtherNodes nodes = nodes(true);
        here(accepts(anId()));
        nodes.heard(new Heartbeat("a", 1, 1, "secret", 1, List.of(), List.of(new ModelPlaces("story", true, 5))));

        submit();

        assertThat(asked).containsExactly("self");
    }

    @Test
    void tooFewMembersRefuse() throws Exception {
        nodes(true).accept(false);
        here(accepts(anId()));

        assertThat(refusal().failure().code()).isEqualTo(FailureCode.CLUSTER);

        assertThat(asked).isEmpty();
    }

    @Test
    void generationOfANodeThatIsGoneIsLostIfNoOtherGoesOn() throws Exception {
        OtherNodes nodes = nodes(true);
        var ids = new GenerationIds(new SecureRandom());
        String address = Addresses.generator(ids.instance());
        listen(address, "a", accepts(ids.next()));
        heard(nodes, "a", 5, address);
        ClientGeneration generation = submit();
        nodes.gone("a");

        GenerationException end = catchThrowableOfType(
                GenerationException.class, () -> generation.end().await(15, TimeUnit.SECONDS));
        assertThat(end.failure().code()).isEqualTo(FailureCode.LOST);
        assertThat(generation.settled().await(5, TimeUnit.SECONDS).failure()).isEqualTo(FailureCode.LOST);
        await().until(() ->
                cancels.stream().anyMatch(cancel -> cancel.generationId().equals(generation.id())));
    }

    @Test
    void generationThatWasAcceptedByANodeThatIsGoneIsAskedForAgain() throws Exception {
        OtherNodes nodes = nodes(true);
        here(accepts(anId()));
        node(nodes, "a", 5, submit -> {
            nodes.gone("a");
            accepts(anId()).accept(submit);
        });

        submit();

        assertThat(asked).containsExactly("a", "self");
    }

    @Test
    void placesThatWereUsedSinceTheHeartbeatCount() {
        OtherNodes nodes = nodes(true);
        heard(nodes, "a", 2, "runnel.generator.A");
        heard(nodes, "b", 1, "runnel.generator.B");
        var random = new SplittableRandom(1);

        assertThat(nodes.choose("story", Set.of(), random))
                .map(OtherNodes.Choice::node)
                .contains("a");
        nodes.choose("story", Set.of("b"), random);

        assertThat(nodes.choose("story", Set.of(), random))
                .map(OtherNodes.Choice::node)
                .contains("b");
        assertThat(nodes.hasFree("story", Set.of())).isFalse();
        heard(nodes, "a", 2, "runnel.generator.A");
        assertThat(nodes.hasFree("story", Set.of())).isTrue();
    }

    @Test
    void clockOfAnotherNodeIsTakenFromItsQuickestHeartbeat() {
        long[] now = {0};
        OtherNodes nodes = OtherNodes.install(vertx, "self", true, () -> now[0]);
        List<ModelPlaces> places = List.of(new ModelPlaces("story", true, 5));
        nodes.heard(new Heartbeat("a", 1, 1, "secret", 5_000, List.of("runnel.generator.A"), places));
        now[0] = TimeUnit.SECONDS.toNanos(10);
        // This one was under way for 4 s.
        nodes.heard(new Heartbeat("a", 1, 1, "secret", 11_000, List.of("runnel.generator.A"), places));

        long answerBy = nodes.choose("story", Set.of(), new SplittableRandom(1))
                .orElseThrow()
                .placement()
                .answerByMillis();

        assertThat(answerBy).isBetween(15_000L + OtherNodes.ANSWER_MILLIS - 2, 15_000L + OtherNodes.ANSWER_MILLIS);
    }

    @Test
    void processWithoutAClusterHasNoOtherNodes() {
        assertThat(OtherNodes.of(vertx)).isEmpty();
    }
}
