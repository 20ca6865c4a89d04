package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.PlayedGenerator;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Part;
import dev.runnel.text.EscapedText;
import dev.runnel.text.PartKind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is not text, between the deltas of a client. */
@ExtendWith(VertxExtension.class)
class ClientPartsTest {

    private final List<String> received = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    /** It is complete: what is composed with it runs on the event loop. */
    private Future<Void> loop;

    private PlayedGenerator generator;
    private GenerationClient client;
    private Play play;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        this.vertx = vertx;
        loop = ((ContextInternal) vertx.getOrCreateContext()).succeededFuture();
        generator = new PlayedGenerator(vertx).start();
        client = loop.compose(turn -> GenerationClient.create(vertx)).await(10, TimeUnit.SECONDS);
    }

    /** The generation is paused, with or without a reader of parts, before the first message. */
    private ClientGeneration submit(boolean readsParts) throws Exception {
        Future<ClientGeneration> submitted = loop.compose(turn -> client.submit(GenerationRequest.of("x")))
                .onSuccess(generation -> {
                    generation.deltas().pause();
                    if (readsParts) {
                        generation.onPart(part -> received.add(part.json()));
                    }
                    generation
                            .deltas()
                            .handler(delta -> received.add(delta.text().toString()));
                });
        play = generator.accept();
        return submitted.await(10, TimeUnit.SECONDS);
    }

    private void run(Runnable action) throws Exception {
        loop.andThen(turn -> action.run()).await(10, TimeUnit.SECONDS);
    }

    private void inboxIsEmptied() throws Exception {
        loop.compose(turn -> vertx.eventBus().request("no.consumer", "x").otherwiseEmpty())
                .await(10, TimeUnit.SECONDS);
        run(() -> {});
    }

    @Test
    void partsArePassedOnInTheirPlaces() throws Exception {
        ClientGeneration generation = submit(true);
        run(() -> generation.deltas().resume());

        play.think("a").say("b").add(PartKind.TOOL_CALLS, "[]").say("c").finish();

        generation.end().await(10, TimeUnit.SECONDS);
        assertThat(received).containsExactly("\"a\"", "b", "[]", "c");
    }

    @Test
    void deltasOfAPausedReaderAreFoldedBetweenParts() throws Exception {
        ClientGeneration generation = submit(true);
        play.say("1")
                .say("2")
                .think("a")
                .think("b")
                .say("3")
                .say("4")
                .think("c")
                .finish();
        inboxIsEmptied();
        assertThat(received).isEmpty();

        run(() -> generation.deltas().fetch(1));
        assertThat(received).containsExactly("12");
        assertThat(generation.end().isComplete()).isFalse();

        run(() -> generation.deltas().fetch(2));
        generation.end().await(10, TimeUnit.SECONDS);
        assertThat(received).containsExactly("12", "\"a\"", "\"b\"", "34", "\"c\"");
    }

    @Test
    void deltaThatIsFetchedIsNotUsedUpByParts() throws Exception {
        ClientGeneration generation = submit(true);
        run(() -> generation.deltas().fetch(1));

        play.think("a").think("b").say("1").say("2").finish();
        inboxIsEmptied();

        assertThat(received).containsExactly("\"a\"", "\"b\"", "1");
        run(() -> generation.deltas().resume());
        generation.end().await(10, TimeUnit.SECONDS);
    }

    @Test
    void partsAreDroppedWithoutAReaderOfThem() throws Exception {
        ClientGeneration generation = submit(false);
        play.think("a").say("1").think("b").say("2").finish();
        inboxIsEmptied();

        run(() -> generation.deltas().resume());

        generation.end().await(10, TimeUnit.SECONDS);
        assertThat(received).containsExactly("12");
    }

    @Test
    void partsThatWaitAreDroppedWithACancel() throws Exception {
        ClientGeneration generation = submit(true);
        play.say("1").think("a");
        inboxIsEmptied();

        run(generation::cancel);

        assertThat(Reader.failureOf(generation.end()).message()).contains("cancelled");
        assertThat(generator.cancel().cause()).isEqualTo(Cancel.Cause.CONSUMER_GONE);
        assertThat(received).isEmpty();
    }

    @Test
    void firstPartOfAnUnknownGenerationCancelsIt() throws Exception {
        submit(true);
        String unknown = play.id().substring(0, play.id().length() - 4) + "0000";

        vertx.eventBus().send(client.inbox(), new Part(unknown, 1, PartKind.TOOL_CALLS, "[]", 1));
        vertx.eventBus().send(client.inbox(), new Delta(unknown, 2, EscapedText.of("x"), 1));
        vertx.eventBus().send(client.inbox(), new Part(unknown, 0, PartKind.TOOL_CALLS, "[]", 1));
        inboxIsEmptied();

        assertThat(generator.cancel()).isEqualTo(new Cancel(unknown, Cancel.Cause.CONSUMER_GONE));
        assertThat(generator.heardNoCancel()).isTrue();
    }
}
