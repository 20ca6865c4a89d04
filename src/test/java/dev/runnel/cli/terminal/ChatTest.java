package dev.runnel.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.cli.source.Answer;
import dev.runnel.cli.source.AnswerReader;
import dev.runnel.cli.source.Question;
import dev.runnel.cli.source.StopSignal;
import dev.runnel.cli.source.TextSource;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Question> questions = new ArrayList<>();

    /** Answers with "answer" and the number of turns; stops itself at the text "stop". */
    private final class Source implements TextSource {

        @Override
        public void open(String model, StopSignal stop) {}

        @Override
        public Answer generate(Question question, AnswerReader reader, StopSignal stop) {
            questions.add(question);
            String text = question.turns().get(question.turns().size() - 1).content();
            if (text.equals("stop")) {
                return new Answer("gen_1", Answer.CANCELLED, Optional.empty());
            }
            reader.text("answer " + question.turns().size() + "\u001b[2J");
            return new Answer("gen_1", stop.isStopped() ? Answer.CANCELLED : "stop", Optional.empty());
        }

        @Override
        public List<String> models() {
            return List.of("small", "large");
        }

        @Override
        public void close() {}
    }

    private int chat(String input) throws Exception {
        return chat(input, new PrintStream(out));
    }

    private int chat(String input, PrintStream printed) throws Exception {
        Screen screen = new Screen(printed, new PrintStream(err));
        Conversation conversation = new Conversation(
                (model, system, turns) -> new Question(model + system, turns, OptionalInt.empty(), Sampling.UNSET),
                "",
                "");
        try (Lines lines = new PlainLines(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), new PrintStream(out), false)) {
            return new Chat(lines, screen, new Source(), conversation).run();
        }
    }

    private String shown() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void eachTurnSendsTheEarlierOnes() throws Exception {
        assertThat(chat("one\ntwo\\\nlines\n")).isZero();

        assertThat(shown()).isEqualTo("answer 1␛[2J\nanswer 3␛[2J\n");
        assertThat(questions.get(1).turns())
                .containsExactly(
                        Turn.user("one"), new Turn(Turn.Role.ASSISTANT, "answer 1\u001b[2J"), Turn.user("two\nlines"));
    }

    @Test
    void answerThatWasStoppedBeforeItsFirstTokenIsNotPartOfTheConversation() throws Exception {
        chat("stop\nnext\n");

        assertThat(questions.get(1).turns()).containsExactly(Turn.user("next"));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("Stopped.\n");
    }

    @Test
    void closedOutputEndsTheChatWithoutAMessage() throws Exception {
        OutputStream closed = new OutputStream() {

            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };

        assertThat(chat("one\ntwo\n", new PrintStream(closed))).isZero();

        assertThat(questions).hasSize(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void modelAndSystemTextApplyToTheNextAnswer() throws Exception {
        chat("/model\n/model large\n/system Be brief.\n/system\nx\n/system off\n/new\ny\n");

        assertThat(shown()).startsWith("* small\n  large\nThe model is large.\nThe system text is set.\nBe brief.\n");
        assertThat(questions.get(0).model()).isEqualTo("largeBe brief.");
        assertThat(questions.get(1).model()).isEqualTo("large");
        assertThat(questions.get(1).turns()).hasSize(1);
    }

    @Test
    void savedConversationIsTextOrTheBodyOfARequest() throws Exception {
        Path text = folder.resolve("talk.txt");
        Path json = folder.resolve("talk.json");

        chat("one\n/save " + text + "\n/save " + json + "\n/save " + text + "\n/save\n");

        assertThat(text).content().isEqualTo("## user\n\none\n\n## assistant\n\nanswer 1␛[2J\n\n");
        assertThat(json).content().contains("\"messages\"", "\"answer 1\\u001B[2J\"");
        assertThat(shown())
                .contains("Saved 1 answers to", text + ": exists", "/save: no name")
                .doesNotContain("\u001b");
    }

    @Test
    void unknownCommandIsNotSentToTheModel() throws Exception {
        chat("/sytem x\n /system as text\n/quit\nnever\n");

        assertThat(shown()).startsWith("/sytem: unknown command (expected: one of /help");
        assertThat(questions).hasSize(1);
        assertThat(questions.get(0).turns()).containsExactly(Turn.user(" /system as text"));
    }

    @Test
    void helpNamesEveryCommand() throws Exception {
        chat("/help\n");

        assertThat(shown()).contains("/model", "/system", "/save", "/new", "/quit", "Ctrl-C", "Ctrl-D");
    }
}
