package dev.runnel.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.OtherNodes;
import dev.runnel.config.ResumeConfig;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Addresses;
import dev.runnel.message.Delta;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.ModelPlaces;
import dev.runnel.text.FailureCode;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The text of a generation of another node. */
class TextCopyTest extends TwoGuardians {

    @Test
    void readerGetsTheTextSoFarAndThenTheRest() throws Exception {
        Play play = startGeneration();
        play.say("Once").say(" upon");
        await().until(() -> entries.containsKey(play.id()));
        await().until(() -> store.find(play.id(), "ada").orElseThrow().text().utf8Length() == 9);

        Attachment reader = attach(play);

        assertThat(text(reader)).isEqualTo("Once upon");
        play.say(" a time").finish();
        reader.end().await(10, TimeUnit.SECONDS);
        assertThat(text(reader)).isEqualTo("Once upon a time");
    }

    @Test
    void longTextComesInPieces() throws Exception {
        Play play = startGeneration();
        String long200k = "é".repeat(100_000);
        play.say(long200k);
        await().until(() -> store.find(play.id(), "ada").orElseThrow().text().utf8Length() == 200_000);

        Attachment reader = attach(play);

        assertThat(text(reader)).isEqualTo(long200k);
        leave(reader);
    }

    @Test
    void endedTextIsReadToo() throws Exception {
        Play play = startGeneration();
        play.say("Once").finish();
        await().until(() -> store.find(play.id(), "ada").orElseThrow().outcome().isPresent());

        Attachment reader = attach(play);
        reader.end().await(10, TimeUnit.SECONDS);

        assertThat(text(reader)).isEqualTo("Once");
    }

    @Test
    void secondReaderSharesTheCopyAndAThirdIsRefused() throws Exception {
        Play play = startGeneration();
        play.say("Once");
        await().until(() -> store.find(play.id(), "ada").orElseThrow().text().utf8Length() == 4);
        Attachment first = attach(play);

        Attachment second = attach(play);

        assertThat(second.text()).isSameAs(first.text());
        assertThat(catchThrowableOfType(AttachException.class, () -> attach(play))
                        .reason())
                .isEqualTo(AttachException.Reason.TOO_MANY_READERS);
        leave(first);
        leave(second);
        await().until(() -> store.readers() == 0);
        Attachment again = attach(play);
        play.say(" upon").finish();
        again.end().await(10, TimeUnit.SECONDS);
        assertThat(text(again)).isEqualTo("Once upon");
    }

    @Test
    void lookHasTheTextSoFarAndIsNoReader() throws Exception {
        Play play = startGeneration();
        play.say("Once");
        await().until(() -> store.find(play.id(), "ada").orElseThrow().text().utf8Length() == 4);
        attach(play);
        attach(play);

        Attachment look = look(play);

        assertThat(text(look)).isEqualTo("Once");
        assertThat(store.readers()).isEqualTo(2);
        leave(look);
        assertThat(store.readers()).isEqualTo(2);
    }

    @Test
    void lookAtAnEndedTextHasItsEnd() throws Exception {
        Play play = startGeneration();
        play.say("Once").finish();
        await().until(() -> store.find(play.id(), "ada").orElseThrow().outcome().isPresent());

        Attachment look = look(play);
        look.end().await(10, TimeUnit.SECONDS);

        assertThat(text(look)).isEqualTo("Once");
        leave(look);
        assertThat(store.readers()).isZero();
    }

    @Test
    void looksDoNotStartTheGraceTimeAgain(Vertx vertx) throws Exception {
        ResumeConfig brief = new ResumeConfig(Duration.ofMillis(300), Duration.ofHours(1), 1 << 24, 10, 2);
        guardian = here.map(turn -> new Guardian(vertx, client, brief, store, memory))
                .await(10, TimeUnit.SECONDS);
        Play play = startGeneration();
        play.say("Once");

        await().until(() -> {
            leave(look(play));
            return store.find(play.id(), "ada").orElseThrow().outcome().isPresent();
        });

        assertThat(generator.cancel().generationId()).isEqualTo(play.id());
    }

    @Test
    void endAfterALostDeltaIsNoEndOfTheText(Vertx vertx) throws Exception {
        Play play = startGeneration();
        play.say("Once");
        await().until(() -> store.find(play.id(), "ada").orElseThrow().text().utf8Length() == 4);
        Attachment reader = attach(play);
        Set<Object> seen = ConcurrentHashMap.newKeySet();
        vertx.eventBus().addOutboundInterceptor(delivery -> {
            // The generator's delta comes first. The guardian sends it on with another number: that one is lost.
            boolean isLost = delivery.message().body() instanceof Delta delta
                    && delta.text().toString().equals(" upon")
                    && !seen.add(" upon");
            if (!isLost) {
                delivery.next();
            }
        });

        play.say(" upon").finish();

        assertThat(failure(reader)).as("the text is not lost").isEqualTo(FailureCode.CLUSTER);
    }

    @Test
    void readersEndWhereTheGuardiansNodeIsGone() throws Exception {
        Play play = startGeneration();
        play.say("Once");
        await().until(() -> store.find(play.id(), "ada").orElseThrow().text().utf8Length() == 4);
        Attachment reader = attach(play);

        nodes.gone("self");

        assertThat(failure(reader)).isEqualTo(FailureCode.CLUSTER);
    }

    @Test
    void readersAtANodeThatWasFrozenEndAsItsGuardianHasGivenThemUp() throws Exception {
        Play play = startGeneration();
        Attachment reader = attach(play);
        nodes.heard(new Heartbeat("self", 1, 1, "secret", 1, List.of(), List.of()));

        nodes.everyConsumerGone(OtherNodes.Absence.FROZEN);

        assertThat(failure(reader)).isEqualTo(FailureCode.CLUSTER);
    }

    @Test
    void readersAtANodeThatStopsEndAsDraining() throws Exception {
        Play play = startGeneration();
        play.say("Once");
        await().until(() -> store.find(play.id(), "ada").orElseThrow().text().utf8Length() == 4);
        Attachment reader = attach(play);

        int cut = there.map(turn -> readers.cut()).await(10, TimeUnit.SECONDS);

        assertThat(cut).isEqualTo(1);
        assertThat(failure(reader)).isEqualTo(FailureCode.DRAINING);
        assertThat(text(reader)).isEqualTo("Once");
        leave(reader);
        await().until(() -> store.readers() == 0);
        assertThat(store.find(play.id(), "ada").orElseThrow().outcome()).isEmpty();
    }

    @Test
    void generationOfANodeThatStopsRunsOnElsewhereAndIsFoundThere() throws Exception {
        Play play = startElsewhere();
        Attachment reader = attach(play);

        int cut = here.map(turn -> client.cut()).await(10, TimeUnit.SECONDS);
        FailureCode why = failure(reader);
        here.compose(turn -> client.close()).await(10, TimeUnit.SECONDS);

        assertThat(cut).isEqualTo(1);
        assertThat(why).isEqualTo(FailureCode.DRAINING);
        assertThat(generator.heardNoCancel()).isTrue();
        assertThat(entries).containsKey(play.id());
    }

    @Test
    void generationOfANodeThatMayHaveBeenRemovedRunsOnElsewhere() throws Exception {
        Play play = startElsewhere();
        Attachment reader = attach(play);

        nodes.everyConsumerGone(OtherNodes.Absence.REMOVED);

        assertThat(failure(reader)).isEqualTo(FailureCode.CLUSTER);
        leave(reader);
        await().until(() -> store.readers() == 0);
        assertThat(generator.heardNoCancel()).isTrue();
        assertThat(entries).containsKey(play.id());
        assertThat(store.find(play.id(), "ada")).as("it may be found elsewhere").isEmpty();
        assertThat(store.claim(new ClaimRequest("ada", "key", "request", false)))
                .as("the key of this process is free")
                .isInstanceOf(ClaimAnswer.Granted.class);
    }

    @Test
    void generationOfANodeThatIsCutOffRunsOnElsewhere() throws Exception {
        Play play = startElsewhere();
        Attachment reader = attach(play);
        nodes.accept(false);

        nodes.everyConsumerGone(OtherNodes.Absence.FROZEN);

        assertThat(failure(reader)).isEqualTo(FailureCode.CLUSTER);
        assertThat(generator.heardNoCancel()).isTrue();
        assertThat(entries).containsKey(play.id());
        assertThat(store.find(play.id(), "ada")).as("it may be found elsewhere").isEmpty();
    }

    /** A generation whose generator is on another node, too. */
    private Play startElsewhere() throws Exception {
        List<ModelPlaces> places = List.of(new ModelPlaces("story", true, 1));
        nodes.heard(new Heartbeat("far", 1, 1, "secret", 1, List.of(Addresses.GENERATIONS), places));
        Play play = startGeneration();
        play.say("Once");
        await().until(() -> store.find(play.id(), "ada").orElseThrow().text().utf8Length() == 4);
        return play;
    }

    @Test
    void readersOfANodeThatIsGoneDoNotCount() throws Exception {
        Play play = startGeneration();
        attach(play);
        assertThat(store.readers()).isEqualTo(1);

        nodes.consumersGone("self");

        await().until(() -> store.readers() == 0);
    }

    @Test
    void generationOfAnotherCallerIsNotFound() throws Exception {
        Play play = startGeneration();

        assertThat(otherStore.findElsewhere(play.id(), "eve").await(5, TimeUnit.SECONDS))
                .isEmpty();
    }
}
