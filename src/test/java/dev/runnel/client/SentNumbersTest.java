package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.message.SentText;
import dev.runnel.message.SentTexts;
import dev.runnel.text.EscapedText;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How far texts were sent to another node, as heartbeats name it. */
class SentNumbersTest {

    private static final String NODE = "other";
    private static final String INBOX = "runnel.inbox.other";

    private final SentNumbers sent = new SentNumbers();

    private SentNumbers.Text open(String id) {
        return sent.open(NODE, INBOX, new SentText(id, 0, 0));
    }

    private static void say(SentNumbers.Text text, long sequence) {
        text.sent(new Delta("gen_1", sequence, EscapedText.of("x"), 1));
    }

    private static void finish(SentNumbers.Text text, long sequence) {
        text.sent(new Finished("gen_1", sequence, FinishReason.STOP, Usage.NONE));
    }

    private List<SentTexts> beat() {
        return sent.due(NODE).texts();
    }

    private static List<SentTexts> named(String id, long next) {
        return List.of(new SentTexts(INBOX, List.of(new SentText(id, 0, next))));
    }

    @Test
    void textThatRestsIsNamedUntilItIsCompared() {
        SentNumbers.Text text = open("gen_1");
        say(text, 0);
        assertThat(beat()).as("it may go on").isEmpty();

        assertThat(beat()).isEqualTo(named("gen_1", 1));
        SentNumbers.Due due = sent.due(NODE);
        assertThat(due.texts()).as("the heartbeat before may be lost too").isEqualTo(named("gen_1", 1));
        due.compared();

        assertThat(beat()).isEmpty();
        say(text, 1);
        beat();
        assertThat(beat()).isEqualTo(named("gen_1", 2));
    }

    @Test
    void textThatGoesOnOrHasNotBegunIsNotNamed() {
        SentNumbers.Text text = open("gen_1");
        open("gen_2");

        for (int i = 0; i < 5; i++) {
            say(text, i);
            assertThat(beat()).isEmpty();
        }
    }

    @Test
    void endIsComparedAfterItsSenderHasLeft() {
        SentNumbers.Text text = open("gen_1");
        say(text, 0);
        finish(text, 1);
        text.close();
        beat();

        SentNumbers.Due due = sent.due(NODE);
        assertThat(due.texts()).isEqualTo(named("gen_1", 2));
        assertThat(sent.size()).isEqualTo(1);
        due.compared();

        assertThat(sent.size()).isZero();
    }

    @Test
    void endThatWasComparedBeforeItsSenderLeavesIsForgotten() {
        SentNumbers.Text text = open("gen_1");
        finish(text, 0);
        beat();
        sent.due(NODE).compared();

        text.close();

        assertThat(sent.size()).isZero();
    }

    @Test
    void textWithoutAnEndIsForgottenWithItsSender() {
        SentNumbers.Text text = open("gen_1");
        say(text, 0);

        text.close();

        assertThat(sent.size()).isZero();
    }

    @Test
    void endsForANodeThatHasLeftAreForgotten() {
        SentNumbers.Text ended = open("gen_1");
        finish(ended, 0);
        ended.close();
        SentNumbers.Text running = open("gen_2");
        say(running, 0);

        sent.left(NODE);

        assertThat(sent.size()).isEqualTo(1);
        beat();
        assertThat(beat()).isEqualTo(named("gen_2", 1));
        running.close();
        assertThat(sent.size()).isZero();
    }

    @Test
    void textsAreNamedByInboxAndForTheirNode() {
        say(open("gen_1"), 0);
        say(sent.open(NODE, "runnel.inbox.next", new SentText("gen_2", 7, 0)), 4);
        say(sent.open("third", INBOX, new SentText("gen_3", 0, 0)), 0);
        beat();

        assertThat(beat())
                .containsExactly(
                        new SentTexts(INBOX, List.of(new SentText("gen_1", 0, 1))),
                        new SentTexts("runnel.inbox.next", List.of(new SentText("gen_2", 7, 5))));
    }

    @Test
    void textsAndTheirNamesInOneHeartbeatAreBounded() {
        for (int i = 0; i < SentNumbers.MAX_TEXTS + 5; i++) {
            SentNumbers.Text text = open("gen_" + i);
            finish(text, 0);
            text.close();
        }
        beat();

        SentNumbers.Due due = sent.due(NODE);

        assertThat(sent.size()).isEqualTo(SentNumbers.MAX_TEXTS);
        assertThat(due.texts().get(0).texts()).hasSize(SentNumbers.MAX_NAMED);
        due.compared();
        assertThat(sent.size()).isEqualTo(SentNumbers.MAX_TEXTS - SentNumbers.MAX_NAMED);
        assertThat(beat().get(0).texts().get(0).generationId()).isEqualTo("gen_" + SentNumbers.MAX_NAMED);
    }
}
