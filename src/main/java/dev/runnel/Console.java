package dev.runnel;

import dev.runnel.engine.EngineListener;
import java.io.PrintStream;
import picocli.CommandLine;

/**
 * What a person at the terminal is shown. Results (an address, a key) go to standard output, the way there to standard
 * error.
 */
final class Console implements EngineListener {

    private final PrintStream out;
    private final PrintStream err;
    private final ProgressBar bar;

    Console(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.bar = new ProgressBar(err, terminal, System::nanoTime);
    }

    /** The streams of this process. */
    static Console ofProcess() {
        return new Console(System.out, System.err, CommandLine.Help.Ansi.AUTO.enabled());
    }

    void result(String lines) {
        out.println(lines);
        out.flush();
    }

    void say(String line) {
        err.println(line);
    }

    @Override
    public void fetched(String model, long doneBytes, long totalBytes) {
        bar.show(model, doneBytes, totalBytes);
    }

    @Override
    public void notice(String model, String line) {
        err.println(model + ": " + line);
    }
}
