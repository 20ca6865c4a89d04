package dev.runnel.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runnel.cli.source.Answer;
import dev.runnel.cli.source.AnswerReader;
import dev.runnel.cli.source.Question;
import dev.runnel.cli.source.SourceException;
import dev.runnel.cli.source.StopSignal;
import dev.runnel.cli.source.TextSource;
import dev.runnel.cli.terminal.Interrupts;
import dev.runnel.cli.terminal.Screen;
import dev.runnel.cli.terminal.Tty;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Generates one text and prints it as it arrives. */
@Command(
        name = "generate",
        description = "Generates one text, in this process or with a running service, and prints it as it arrives.",
        mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {

    private static final int MAX_PROMPT_BYTES = 8 << 20;
    private static final String STANDARD_INPUT = "-";
    private static final String REPLACEMENT = "\uFFFD";

    @Mixin
    private SourceOptions sources = new SourceOptions();

    @Mixin
    private QuestionOptions options = new QuestionOptions();

    @Option(names = "--json", description = "Prints one JSON object at the end: id, text, finishReason, usage, model.")
    private boolean json;

    @Parameters(
            arity = "0..1",
            paramLabel = "PROMPT",
            description = "The prompt. Without it, or with -, it is read from standard input.")
    private @Nullable String prompt;

    @Override
    public Integer call() throws IOException {
        Screen screen = new Screen(System.out, System.err);
        Question question = options.question(options.model(), options.system(), List.of(Turn.user(prompt(screen))));
        StopSignal stop = new StopSignal();
        Interrupts interrupts = Interrupts.endAfter(stop::stop);
        try (TextSource source = sources.open()) {
            return generate(source, question, screen, stop);
        } catch (SourceException e) {
            screen.endLine();
            if (!stop.isStopped()) {
                screen.notice(String.valueOf(e.getMessage()));
            }
            return stop.isStopped() ? Interrupts.STATUS : CommandLine.ExitCode.SOFTWARE;
        } finally {
            interrupts.close();
        }
    }

    private Integer generate(TextSource source, Question question, Screen screen, StopSignal stop)
            throws SourceException {
        source.open(question.model(), stop);
        Printer printer = new Printer(screen, stop, json);
        Answer answer = source.generate(question, printer, stop);
        screen.endLine();
        if (screen.isBroken()) {
            return 0;
        }
        if (stop.isStopped()) {
            return Interrupts.STATUS;
        }
        if (json) {
            String model = question.model().isEmpty() ? source.models().get(0) : question.model();
            screen.line(document(answer, printer.text.toString(), model));
        } else if (answer.finishReason().equals(Answer.LENGTH)) {
            screen.notice("The text was cut at its most tokens; --max-tokens sets another number.");
        }
        return 0;
    }

    /** Prints the pieces, or collects them for the JSON. A closed standard output ends the generation. */
    private record Printer(Screen screen, StopSignal stop, boolean collects, StringBuilder text)
            implements AnswerReader {

        private Printer(Screen screen, StopSignal stop, boolean collects) {
            this(screen, stop, collects, new StringBuilder());
        }

        @Override
        public void text(String piece) {
            if (collects) {
                text.append(piece);
                return;
            }
            screen.text(piece);
            if (screen.isBroken()) {
                stop.stop();
            }
        }

        @Override
        public void notice(String line) {
            screen.notice(line);
        }
    }

    /** As {@code POST /v1/generate} answers. Every character that is not ASCII is escaped, so no terminal obeys it. */
    private static String document(Answer answer, String text, String model) {
        ObjectMapper mapper = new ObjectMapper();
        mapper.getFactory().enable(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature());
        ObjectNode document = mapper.createObjectNode()
                .put("id", answer.id())
                .put("text", text)
                .put("finishReason", answer.finishReason());
        Usage usage = answer.usage().orElse(Usage.NONE);
        document.putObject("usage")
                .put("promptTokens", usage.promptTokens())
                .put("completionTokens", usage.completionTokens())
                .put("totalTokens", usage.totalTokens());
        document.put("model", model);
        try {
            return mapper.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String prompt(Screen screen) throws IOException {
        Optional<String> argument = Optional.ofNullable(prompt).filter(given -> !given.equals(STANDARD_INPUT));
        String text = argument.isPresent() ? argument.get() : entered(screen);
        if (text.isBlank()) {
            throw new UsageFailure("prompt: empty (expected: a text, as the argument or on standard input)");
        }
        if (argument.isPresent() && text.contains(REPLACEMENT)) {
            throw new UsageFailure("prompt: characters that the locale does not have (expected: a UTF-8 locale, such as"
                    + " LC_ALL=C.UTF-8, or the prompt on standard input)");
        }
        return text;
    }

    private static String entered(Screen screen) throws IOException {
        if (Tty.isInput()) {
            screen.notice("Enter the prompt, then Ctrl-D on a line of its own.");
        }
        return read(System.in);
    }

    /** UTF-8 whatever the locale is, without the line end that {@code echo} adds. */
    private static String read(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_PROMPT_BYTES + 1);
        if (bytes.length > MAX_PROMPT_BYTES) {
            throw new UsageFailure("prompt: more than " + MAX_PROMPT_BYTES + " bytes on standard input");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            String shorter = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
            return shorter.endsWith("\r") ? shorter.substring(0, shorter.length() - 1) : shorter;
        } catch (CharacterCodingException e) {
            throw new UsageFailure("prompt: standard input is not UTF-8");
        }
    }
}
