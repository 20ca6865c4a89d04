package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Finished;
import dev.runnel.message.KeptEntry;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A client whose generators are on other nodes, which the test plays on the bus of one process. The first generation
 * runs on node a; node b is known after that.
 */
final class GuardRig {

    private static final int CONTINUING = 2;

    final List<Delta> text = new CopyOnWriteArrayList<>();
    final List<Ended> published = new CopyOnWriteArrayList<>();
    final List<ContinuationListener.Outcome> outcomes = new CopyOnWriteArrayList<>();
    final Vertx vertx;
    private final Future<Void> loop;
    final OtherNodes nodes;
    final GenerationClient client;
    ClientGeneration generation;
    final PlayedNode a;
    PlayedNode b;
    PlayedNode.Run first;

    GuardRig(Vertx vertx) throws Exception {
        this(vertx, Duration.ofMinutes(1));
    }

    /** @param patience how long an ended generation waits for its account at least */
    GuardRig(Vertx vertx, Duration patience) throws Exception {
        this.vertx = vertx;
        this.loop = ((ContextInternal) vertx.getOrCreateContext()).succeededFuture();
        MessageCodecs.register(vertx.eventBus());
        nodes = OtherNodes.install(vertx, "self", true, CONTINUING, System::nanoTime);
        nodes.report((outcome, silence) -> outcomes.add(outcome));
        nodes.accept(true);
        vertx.eventBus()
                .<Ended>consumer(Addresses.ENDED, message -> published.add(message.body()))
                .completion()
                .await(5, TimeUnit.SECONDS);
        client = loop.compose(turn -> GenerationClient.create(vertx, patience)).await(20, TimeUnit.SECONDS);
        a = PlayedNode.start(vertx, nodes, "a");
    }

    /** A generation that runs on node a. Node b is known after that. */
    void generate() throws Exception {
        Future<ClientGeneration> submitted = submit();
        first = a.accept();
        generation = submitted.await(20, TimeUnit.SECONDS);
        b = PlayedNode.start(vertx, nodes, "b");
    }

    Future<ClientGeneration> submit() {
        Promise<ClientGeneration> answer = Promise.promise();
        loop.compose(turn -> client.submit(
                        GenerationRequest.of("x").withModel("story").withMaxTokens(9)))
                .onSuccess(started -> started.deltas().handler(text::add))
                .onComplete(answer);
        return answer.future();
    }

    private static KeptEntry entry(String id, PlayedNode generator) {
        return new KeptEntry(id, "owner", "story", true, "", "", 0, generator.address(), generator.name());
    }

    /** Asks a node for a generation whose client is gone. */
    Future<ClientGeneration> adopt(String id, PlayedNode from) {
        Promise<ClientGeneration> answer = Promise.promise();
        loop.compose(turn -> client.adopt(entry(id, from), ""))
                .onSuccess(taken -> {
                    generation = taken;
                    taken.deltas().handler(text::add);
                })
                .onComplete(answer);
        return answer.future();
    }

    void run(Runnable action) throws Exception {
        loop.andThen(turn -> action.run()).await(20, TimeUnit.SECONDS);
    }

    String text() {
        StringBuilder all = new StringBuilder();
        text.forEach(delta -> all.append(delta.text()));
        return all.toString();
    }

    void awaitText(String expected) {
        await().untilAsserted(() -> assertThat(text()).isEqualTo(expected));
    }

    Finished end() throws Exception {
        return generation.end().await(20, TimeUnit.SECONDS);
    }

    Ended account() throws Exception {
        return generation.settled().await(20, TimeUnit.SECONDS);
    }

    FailureCode failure() {
        GenerationException failure = catchThrowableOfType(GenerationException.class, this::end);
        return failure.failure().code();
    }

    Cancel continued(int epoch) {
        return new Cancel(generation.id(), Cancel.Cause.CONTINUED, "", epoch);
    }
}
