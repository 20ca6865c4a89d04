package dev.runnel.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.client.GenerationClient;
import dev.runnel.client.OtherNodes;
import dev.runnel.config.ResumeConfig;
import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
import dev.runnel.message.KeptEntry;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Deleting a generation that another node keeps, with a guardian that the test plays. */
@ExtendWith(VertxExtension.class)
class DeletionsTest {

    private static final String OWNER = "ada";
    private static final String ID = "gen_0123ABCD0123ABCD0123ABCD";
    private static final String GUARDIAN = "runnel.inbox.guardian";
    private static final ResumeConfig CONFIG =
            new ResumeConfig(Duration.ofHours(1), Duration.ofHours(1), 1 << 20, 1, 2);

    private final Set<String> members = ConcurrentHashMap.newKeySet();
    private Future<Optional<KeptEntry>> found = Future.succeededFuture(Optional.of(entry("")));
    private final KeptGenerations store =
            new KeptGenerations(CONFIG, new ResumeMeters(new SimpleMeterRegistry()), System::nanoTime, directory());
    private Future<Void> loop;
    private Deletions deletions;

    private static KeptEntry entry(String generator) {
        return new KeptEntry(ID, OWNER, "story", true, GUARDIAN, "far", 0, generator, generator);
    }

    private GenerationDirectory directory() {
        return new ReadOnlyDirectory() {

            @Override
            public boolean isMember(String node) {
                return members.contains(node);
            }

            @Override
            public Future<Optional<KeptEntry>> find(String id) {
                return found;
            }
        };
    }

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        MessageCodecs.register(vertx.eventBus());
        OtherNodes.install(vertx, "self", true, System::nanoTime);
        members.add("far");
        loop = ((ContextInternal) vertx.getOrCreateContext()).succeededFuture();
        GenerationClient client =
                loop.compose(turn -> GenerationClient.create(vertx)).await(10, TimeUnit.SECONDS);
        deletions = loop.map(turn -> new Deletions(
                        vertx,
                        store,
                        new TakeOver(
                                vertx, client, store, (claim, generation, before) -> Future.failedFuture("not kept")),
                        new DeliveryOptions().setSendTimeout(50),
                        (id, owner) -> false))
                .await(10, TimeUnit.SECONDS);
    }

    private boolean delete() throws Exception {
        return loop.compose(turn -> deletions.elsewhere(ID, OWNER)).await(20, TimeUnit.SECONDS);
    }

    private static void guardian(Vertx vertx, Optional<Boolean> answer) throws Exception {
        vertx.eventBus()
                .<Cancel>consumer(
                        GUARDIAN,
                        message -> answer.ifPresent(known ->
                                message.reply(new Cancelled(message.body().generationId(), known))))
                .completion()
                .await(10, TimeUnit.SECONDS);
    }

    private void assertSilent() {
        assertThat(catchThrowableOfType(AttachException.class, this::delete).reason())
                .isEqualTo(AttachException.Reason.SILENT);
    }

    @Test
    void answerOfTheGuardianIsTheAnswer(Vertx vertx) throws Exception {
        guardian(vertx, Optional.of(true));

        assertThat(delete()).isTrue();
    }

    @Test
    void generationThatItsGuardianDoesNotKnowIsUnknown(Vertx vertx) throws Exception {
        guardian(vertx, Optional.of(false));

        assertThat(delete()).isFalse();
    }

    @Test
    void generationOfASilentMemberMayBeKept(Vertx vertx) throws Exception {
        guardian(vertx, Optional.empty());

        assertSilent();
    }

    @Test
    void generationMayBeKeptWhereTheDirectoryIsSilent() {
        found = Future.failedFuture("no answer in time");

        assertSilent();
    }

    @Test
    void generationWhoseGuardianIsGoneAndThatNoGeneratorKeepsIsUnknown() throws Exception {
        members.clear();

        assertThat(delete()).isFalse();
    }

    @Test
    void takeOverWithoutRoomIsRefusedAsFull() {
        members.clear();
        found = Future.succeededFuture(Optional.of(entry("runnel.generator.far")));
        store.claim("eve");

        GenerationException refusal = catchThrowableOfType(GenerationException.class, this::delete);

        assertThat(refusal.failure().code()).isEqualTo(FailureCode.FULL);
    }
}
