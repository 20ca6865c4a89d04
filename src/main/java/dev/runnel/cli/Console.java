package dev.runnel.cli;

import dev.runnel.engine.EngineListener;
import java.io.PrintStream;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * The output of commands. Results (an address, a key) go to standard output; progress and warnings go to standard error
 * or to the log.
 */
final class Console implements EngineListener {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    private final PrintStream out;
    private final Consumer<String> lines;
    private final ProgressBar bar;

    private Console(PrintStream out, Consumer<String> lines, ProgressBar bar) {
        this.out = out;
        this.lines = lines;
        this.bar = bar;
    }

    /** For a single command: writes to the streams of this process. */
    static Console ofProcess() {
        boolean terminal = isTerminal();
        return new Console(System.out, System.err::println, new ProgressBar(Console::draw, terminal, System::nanoTime));
    }

    /** For the service: writes all but results to the log. On a terminal, the progress bar goes to standard error. */
    static Console ofService() {
        boolean terminal = isTerminal();
        Consumer<String> progress = terminal ? Console::draw : line -> LOG.info("{}", line.strip());
        return new Console(
                System.out, line -> LOG.warn("{}", line), new ProgressBar(progress, terminal, System::nanoTime));
    }

    private static boolean isTerminal() {
        return CommandLine.Help.Ansi.AUTO.enabled();
    }

    private static void draw(String text) {
        System.err.print(text);
        System.err.flush();
    }

    void result(String text) {
        out.println(text);
        out.flush();
    }

    void warn(String line) {
        lines.accept(line);
    }

    @Override
    public void fetched(String model, long doneBytes, long totalBytes) {
        bar.show(model, doneBytes, totalBytes);
    }

    @Override
    public void notice(String model, String line) {
        lines.accept(model + ": " + line);
    }
}
