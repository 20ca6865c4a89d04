package dev.runnel.cli.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;

/**
 * Lines with the editor of JLine: arrow keys, the history of this conversation, pasted texts of several lines. The
 * history is not written to a file.
 */
final class EditedLines implements Lines {

    private static final String PROMPT = ">>> ";
    private static final String CONTINUATION = "... ";

    private final Terminal terminal;
    private final LineReader reader;

    private EditedLines(Terminal terminal) {
        this.terminal = terminal;
        this.reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(new WholeTexts())
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.DISABLE_HIGHLIGHTER, true)
                .variable(LineReader.DISABLE_COMPLETION, true)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, CONTINUATION)
                .build();
    }

    static EditedLines open() throws IOException {
        // JNA is in the jar anyway; the providers that JLine prefers need Java 22, or native libraries of their own.
        System.setProperty(TerminalBuilder.PROP_DISABLE_DEPRECATED_PROVIDER_WARNING, "true");
        return new EditedLines(TerminalBuilder.builder()
                .name("runnel")
                .system(true)
                .systemOutput(TerminalBuilder.SystemOutput.SysOut)
                .encoding(StandardCharsets.UTF_8)
                .nativeSignals(true)
                .dumb(false)
                .build());
    }

    /** Asks for another line while a text is not complete. */
    private static final class WholeTexts implements Parser {

        private final Parser words = new DefaultParser().escapeChars(null).quoteChars(null);

        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            if (context == ParseContext.ACCEPT_LINE && !MultiLine.isComplete(line)) {
                throw new EOFError(-1, -1, "the text goes on");
            }
            return words.parse(line, cursor, ParseContext.COMPLETE);
        }
    }

    @Override
    public boolean isInteractive() {
        return true;
    }

    @Override
    public void onInterrupt(Runnable action) {
        terminal.handle(Signal.INT, signal -> action.run());
    }

    @Override
    public Input next() {
        try {
            String text = reader.readLine(PROMPT);
            // Ctrl-C interrupts this thread until readLine has returned.
            return Thread.interrupted() ? new Input.Interrupted() : new Input.Text(MultiLine.textOf(text));
        } catch (UserInterruptException e) {
            return new Input.Interrupted();
        } catch (EndOfFileException e) {
            return new Input.End();
        }
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
