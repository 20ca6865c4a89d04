package dev.runnel.cli;

import dev.runnel.engine.EngineListener;
import java.io.PrintStream;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * What a person at the terminal is shown. Results (an address, a key) go to standard output, the way there to standard
 * error, or into the log.
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

    /** Of a command that does one thing: the streams of this process. */
    static Console ofProcess() {
        boolean terminal = isTerminal();
        return new Console(System.out, System.err::println, new ProgressBar(Console::draw, terminal, System::nanoTime));
    }

    /** Of the service: what is no result goes into the log, but for a progress bar that can be redrawn. */
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

    void say(String line) {
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
